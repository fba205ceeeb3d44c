/**
 * What somebody wants to publish, checked and made a version with the item map that follows from its changes: all that can be
 * refused is refused here, before anything is stored. Called by the publishing of drafts and by `fidelis instruments add`.
 */
import { inspectInstrument } from '../../instruments/checks/check-instrument.ts';
import type { Change, Instrument, Issue } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import type { Decision, InstrumentChange } from '../../instruments/versions/change.ts';
import { graded, type ItemMap, itemMapOf, itemMapSchema, shortened } from '../../instruments/versions/item-map.ts';
import { Problem } from '../problems.ts';

export interface Frozen {
  readonly instrument: Instrument;
  readonly changes: readonly InstrumentChange[];
  /** Null for a first version, which has nothing to be mapped to. */
  readonly map: ItemMap | null;
}

/**
 * @param json the version as foreign JSON, with its number
 * @param decide what was decided about the changes since the version before; it may refuse them
 * @throws `invalid-instrument` with every error that keeps it from being published
 */
export function freeze(
  json: unknown,
  previous: Instrument | null,
  decide: (changes: readonly InstrumentChange[], instrument: Instrument) => readonly Decision[],
): Frozen {
  const { findings, read, changes } = inspectInstrument(json, previous ? { previous } : {});
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 || !read) throw refused(errors);
  const { instrument } = read;
  if (!previous) return { instrument, changes, map: null };
  const map = itemMapOf(previous, instrument, changes, decide(changes, instrument));
  // What could not be read again is not stored.
  return { instrument, changes, map: itemMapSchema.parse(map) };
}

/** The version with the changes that it makes, as they were graded; what is read again later is read here first. */
export function withChanges({ instrument, changes }: Frozen, decisions: readonly Decision[]): Instrument {
  const told = changes.map((change) => changeOf(change, decisions));
  const left = told.length - mostChanges;
  const kept = left > 0 ? [...told.slice(0, mostChanges - 1), furtherChanges(left + 1)] : told;
  const parsed = parseInstrument({ ...instrument, changes: kept });
  if (!parsed.ok) throw refused(parsed.issues);
  return parsed.value;
}

const refused = (issues: readonly Issue[]) =>
  new Problem('invalid-instrument', { issues: issues.map(({ code, path, message }) => ({ code, path, message })) });

/** As many as an instrument can hold, and as long as one of them can be. */
const mostChanges = 2000;
const longestMapping = 10_000;
const whole = 'the instrument';

/** What stands in the version itself about a change; what is about the whole instrument bears its id. */
function changeOf(change: InstrumentChange, decisions: readonly Decision[]): Change {
  const { grade, note } = graded(change, decisions);
  const mapping = shortened(note ?? change.reason, longestMapping);
  return { item: change.item ?? whole, what: change.what, grade, mapping };
}

const furtherChanges = (count: number): Change => ({
  ...{ item: whole, what: 'instrument', grade: 'linkable' },
  mapping: `There are ${count} more changes; the item map has the rule of every item.`,
});
