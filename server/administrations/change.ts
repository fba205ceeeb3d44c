/**
 * Changes an administration as the table of `editRules` allows: just so while it is planned, as an amendment after the
 * start. Called by the route.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type AdministrationField, editRules, standingOf } from '../../instruments/administration-rules.ts';
import { defaultLanguage } from '../../instruments/languages.ts';
import type { Administration, Audience, InformationSheet } from '../../instruments/study.ts';
import type { AmendedValue } from '../amendments/amendment.ts';
import { settleChanges } from '../amendments/settle.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { advance } from './advance.ts';
import { planIssues, retiredIssues } from './check.ts';
import { currentAdministration } from './current.ts';
import { bindSheet } from './information.ts';
import type { AdministrationPlan } from './plan.ts';
import { getAdministration, updateAdministration } from './store.ts';

export interface WantedChange extends Partial<Omit<AdministrationPlan, 'id' | 'pilot' | 'repeats'>> {
  /** Needed for an amendment. */
  readonly reason?: string | undefined;
  /** The revision that the person saw. */
  readonly revision?: number | undefined;
}

/**
 * Throws `conflict` when it was changed since it was read, `state-not-allowed` for what is fixed by now, `reason-needed`
 * for an amendment without one, and `invalid-request` with all that is wrong.
 */
export async function changeAdministration(
  context: Context,
  by: string,
  studyId: string,
  id: string,
  { reason, revision, information: choice, ...fields }: WantedChange,
): Promise<Administration> {
  const { study, administration: was, today } = await currentAdministration(context, studyId, id);
  if (revision !== undefined && revision !== (was.revision ?? 0)) throw new Problem('conflict');
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const wanted: Administration = { ...was, ...given };
  const rebinds =
    choice !== undefined && !(choice.sheet === was.information.sheet && choice.version === was.information.version);
  const changed = changedFields(was, wanted, rebinds);
  const rules = editRules[standingOf(was, today)];
  const fixed = changed.filter((field) => rules[field] === 'fixed');
  if (fixed.length > 0) {
    const detail = `It has begun: ${fixed.map((field) => names[field]).join(', ')} cannot be changed any more.`;
    throw new Problem('state-not-allowed', { detail });
  }
  const amended = changed.filter((field) => rules[field] === 'amendment');
  if (amended.length > 0 && reason === undefined) throw new Problem('reason-needed');
  // What was wrong in a file and is left as it is does not keep anybody from putting the title right.
  if (changed.some((field) => field !== 'title' && field !== 'information')) {
    const issues = [
      ...(await planIssues(context, study, wanted, today)),
      ...(changed.includes('instrument') ? await retiredIssues(context, wanted) : []),
    ];
    if (issues.length > 0) throw new Problem('invalid-request', { issues });
  }
  const spoken = changed.includes('languages');
  if (spoken && !rebinds && was.information.sheet === undefined) {
    throw new Problem('invalid-request', { issues: [unbound] });
  }
  const sheet = choice ?? { sheet: was.information.sheet ?? '', version: was.information.version };
  const information: InformationSheet =
    rebinds || spoken
      ? await bindSheet(context, studyId, sheet, wanted.languages ?? [study.languages?.[0] ?? defaultLanguage])
      : was.information;
  if (rebinds && amended.length > 0 && information.version === was.information.version) {
    throw new Problem('invalid-request', { issues: [sameNumber] });
  }
  const next = { ...wanted, information };
  const amendment =
    amended.length === 0
      ? null
      : {
          ...{ id: randomUUID(), study: studyId, at: context.clock(), by, why: reason ?? '' },
          thing: { kind: 'administration' as const, id, title: next.title },
          changes: amended.map(
            (field): AmendedValue => ({ what: names[field], old: textOf(was, field), new: textOf(next, field) }),
          ),
        };
  // The staff of another first day may be others.
  const moves = changed.includes('opens') && standingOf(was, today) === 'planned';
  const before = changed.includes('audience') || moves ? was.audience : null;
  const pending = amendment || before ? { id: amendment?.id ?? randomUUID(), amendment, before } : null;
  const { id: _id, study: _study, history: _history, revision: _revision, ...values } = next;
  if (!(await updateAdministration(context.db, was, values, { pending }))) throw new Problem('conflict');
  await settleChanges(context, studyId);
  // Its first day may be today by now.
  return advance(context, study, await getAdministration(context.db, studyId, id));
}

const names: Readonly<Record<AdministrationField, string>> = {
  title: 'title',
  instrument: 'instrument',
  wave: 'wave',
  audience: 'audience',
  mode: 'mode',
  opens: 'first day',
  closes: 'last day',
  languages: 'languages',
  information: 'information sheet',
};

function changedFields(was: Administration, wanted: Administration, rebinds: boolean): AdministrationField[] {
  const fields: AdministrationField[] = ['title', 'wave', 'mode', 'opens', 'closes'];
  return [
    ...fields.filter((field) => was[field] !== wanted[field]),
    ...(was.instrument === wanted.instrument && was.version === wanted.version ? [] : (['instrument'] as const)),
    ...(isDeepStrictEqual(sorted(was.audience), sorted(wanted.audience)) ? [] : (['audience'] as const)),
    ...(isDeepStrictEqual(was.languages, wanted.languages) ? [] : (['languages'] as const)),
    ...(rebinds ? (['information'] as const) : []),
  ];
}

const sorted = ({ arms, roles }: Audience) => [[...arms].sort(), [...roles].sort()];

/** A value as the log keeps it. */
function textOf(administration: Administration, field: AdministrationField): string {
  const { audience, information } = administration;
  if (field === 'audience') return `${audience.roles.join(', ')} in ${audience.arms.join(', ')}`;
  if (field === 'languages') return (administration.languages ?? []).join(', ') || 'one';
  if (field === 'information') return `${information.sheet ?? 'text of the study file'} version ${information.version}`;
  return administration[field];
}

const unbound = {
  code: 'sheet-needed',
  path: 'body.information',
  message:
    'The text came with the study file and is there in one language. Choose an information sheet with the others.',
};

const sameNumber = {
  code: 'same-version',
  path: 'body.information',
  message: 'People have agreed to a version of this number already. Choose one with another number.',
};
