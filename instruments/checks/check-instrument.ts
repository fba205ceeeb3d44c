/**
 * Everything that can be told about an instrument before it is published, also of a draft that cannot be read yet: what
 * `parseInstrument` refuses as errors, and what each family of checks adds. Called by the workshop while somebody types (off
 * the main thread), on publishing and by `fidelis instruments check`.
 */
import type { Codebook } from '../codebook.ts';
import type { Instrument, Issue } from '../instrument.ts';
import { isObject, own } from '../json.ts';
import { parseWhole } from '../parse.ts';
import type { InstrumentChange } from '../versions/change.ts';
import { diffFacts } from '../versions/diff.ts';
import { factsOf, factsOfForm, partAt } from '../versions/facts.ts';
import { checkCodes } from './check-codes.ts';
import { checkFlow } from './check-flow.ts';
import { checkCapitals, checkNames } from './check-names.ts';
import { checkReading } from './check-reading.ts';
import { checkScaleItems } from './check-scale-items.ts';
import { checkTranslations } from './check-translations.ts';
import { checkVersion } from './check-version.ts';
import { checkWording } from './check-wording.ts';
import { fault, type InstrumentFinding } from './finding.ts';

export type { InstrumentFinding } from './finding.ts';

interface Options {
  /** The version before, whose answers shall compare. */
  readonly previous?: Instrument;
}

/** What is found in an instrument, and what it says, each read once. */
export interface Inspected {
  /** Errors first; none of them means that it can be published. */
  readonly findings: readonly InstrumentFinding[];
  /** Null where it cannot be read. */
  readonly read: { readonly instrument: Instrument; readonly codebook: Codebook } | null;
  /** Since the version before; none where there is none or it cannot be read. */
  readonly changes: readonly InstrumentChange[];
}

/** @returns errors first; none of them means that it can be published */
export function checkInstrument(json: unknown, options: Options = {}): readonly InstrumentFinding[] {
  return inspectInstrument(json, options).findings;
}

/** @param json the instrument as foreign JSON */
export function inspectInstrument(json: unknown, { previous }: Options = {}): Inspected {
  const parsed = parseWhole(json);
  if (!parsed.ok) {
    const issues = parsed.issues.map((issue) => findingOf(issue, json));
    return { findings: [...issues, ...checkCapitals(json), ...permissionOf(json)], read: null, changes: [] };
  }
  const { instrument, form, logic, codebook } = parsed.value;
  const facts = factsOfForm(instrument, form, codebook);
  const changes = previous ? diffFacts(factsOf(previous), facts) : [];
  const findings = [
    ...permissionOf(json),
    ...checkNames(facts),
    ...checkTranslations(instrument),
    ...checkScaleItems(facts),
    ...checkCodes(facts),
    ...checkFlow(facts, logic),
    ...checkWording(facts),
    ...checkReading(facts),
    ...(previous ? checkVersion(facts, previous, changes) : []),
  ];
  findings.sort((one, other) => Number(one.severity === 'hint') - Number(other.severity === 'hint'));
  return { findings, read: { instrument, codebook }, changes };
}

/** An issue of the parser, with the question that it is about. */
function findingOf({ code, path, message }: Issue, json: unknown): InstrumentFinding {
  return fault(code, path, isObject(json) ? itemAt(json, path) : null, message);
}

function itemAt(json: Readonly<Record<string, unknown>>, path: string): string | null {
  const survey = own(json, 'survey');
  if (!path.startsWith('survey.pages') || !isObject(survey)) return null;
  const [question] = /^survey\.pages\[\d+\](?:\.(?:elements|templateElements)\[\d+\])+/.exec(path) ?? [];
  const name = question === undefined ? undefined : own(partAt({ survey }, question), 'name');
  return typeof name === 'string' && name !== '' ? name.slice(0, 100) : null;
}

/** Items of others need their holder's word. */
function permissionOf(json: unknown): InstrumentFinding[] {
  const permission = isObject(json) ? own(json, 'permission') : undefined;
  const status = isObject(permission) ? own(permission, 'status') : undefined;
  if (!isObject(permission) || (status !== 'missing' && status !== 'requested')) return [];
  const holder = String(own(permission, 'holder') ?? 'the holder').slice(0, 200);
  const message =
    status === 'missing'
      ? `Permission of ${holder} is missing: ask for it, and put the status to granted with a note of when and by whom; it cannot be published before.`
      : `Permission of ${holder} has been asked for and not been granted yet; it cannot be published before.`;
  return [fault('permission-missing', 'permission.status', null, message)];
}
