/** Releases the feedback report of a school a step further, or withdraws it; and reads it as somebody may. Called by the routes. */
import type { Report } from '../../analysis/result.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { findSchool } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import type { ReportTask } from './gather.ts';
import { mayReadReleased, type ReleaseState, releaseTransitions, releaseWords, type SchoolRelease } from './release.ts';
import { findSchoolRelease, saveSchoolRelease } from './release-store.ts';
import { loadSchoolReport } from './study-report.ts';

export interface ReleaseWish {
  readonly state: ReleaseState;
  readonly why: string;
  /** Id of the account. */
  readonly by: string;
}

/**
 * Moves a release on. The report is frozen with the first step outwards and goes when it is withheld again. Asking for the
 * state that is there changes nothing. Throws `not-found`, or `state-not-allowed` for a step that the table does not have or
 * that somebody else has taken meanwhile.
 */
export async function releaseSchoolReport(
  context: Context,
  study: string,
  school: string,
  { state, why, by }: ReleaseWish,
  task: ReportTask = {},
): Promise<SchoolRelease> {
  const { db, clock } = context;
  await requireSchool(context, study, school);
  const was = await findSchoolRelease(db, study, school);
  const from = was?.state ?? 'withheld';
  const unchanged = { study, school, state: from, report: was?.report ?? null, history: was?.history ?? [] };
  if (from === state) return unchanged;
  if (!releaseTransitions[from].includes(state)) {
    const next = releaseTransitions[from].map((one) => `"${one}"`).join(' or ');
    throw new Problem('state-not-allowed', {
      detail: `This report is "${from}" and can become ${next} next, not "${state}".`,
    });
  }
  const report =
    state === 'withheld' ? null : (unchanged.report ?? (await loadSchoolReport(context, study, school, task)));
  const history = [...unchanged.history, { state, at: clock(), by, why }];
  const release = { study, school, state, report, history };
  if (!(await saveSchoolRelease(db, was, release))) {
    throw new Problem('state-not-allowed', {
      detail: 'Somebody else has released or withdrawn this report meanwhile. Look at it again.',
    });
  }
  return release;
}

export interface ReadReport {
  readonly state: ReleaseState;
  readonly report: Report;
}

/**
 * The report of a school as a reader may see it: what was released, for whom a report was released; the draft of today for
 * readers of all reports while nothing is released. Throws `not-found` where there is none for this reader.
 * @param draft whether the reader may see what is not released
 */
export async function readSchoolReport(
  context: Context,
  study: string,
  school: string,
  { scope, draft }: { readonly scope: Scope; readonly draft: boolean },
  task: ReportTask = {},
): Promise<ReadReport> {
  await getStudy(context.db, study);
  const found = await findSchool(context.db, study, school, scope);
  const release = found && (await findSchoolRelease(context.db, study, school));
  const state = release?.state ?? 'withheld';
  if (scope !== 'all' && !(found && mayReadReleased(state, found, scope))) {
    throw new Problem('not-found', {
      detail: 'There is no report for you here: it has not been released to you yet, or it was withdrawn.',
    });
  }
  if (!found) throw new Problem('not-found', { detail: `There is no school "${school}" in this study.` });
  if (release?.report) return { state, report: withTier(release.report, state) };
  if (!draft) throw new Problem('not-found', { detail: 'The report of this school has not been released.' });
  return { state, report: withTier(await loadSchoolReport(context, study, school, task), state) };
}

/** The report with the words on who may have it, first of all. */
function withTier(report: Report, state: ReleaseState): Report {
  return { ...report, notes: [{ code: 'release', text: releaseWords[state] }, ...report.notes] };
}

async function requireSchool({ db }: Context, study: string, school: string): Promise<void> {
  await getStudy(db, study);
  if (!(await findSchool(db, study, school))) {
    throw new Problem('not-found', { detail: `There is no school "${school}" in this study.` });
  }
}
