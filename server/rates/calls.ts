/**
 * Which schools need a call, by a rule that whoever reads the list can see and change, and what was said when somebody
 * called. Sorted by what one call could gain: the people who could still answer. Called by the routes.
 */

import { groupBy } from '../../instruments/group-by.ts';
import type { Administration } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { findSchool, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { findCall, insertCall, listCalls, type SchoolCall } from './calls-store.ts';
import { countCells, sumCounts } from './cells.ts';
import { usualDay } from './tables.ts';

export interface CallRule {
  /** A school is called when fewer than this many in a hundred have responded … */
  readonly below: number;
  /** … this many days after the opening. */
  readonly after: number;
  /** And when nobody has opened a link after this many days. */
  readonly unopened: number;
}

/** `bounced`: an e-mail address in the school takes no messages, and nobody opened its link. */
export type CallReason = 'low' | 'unopened' | 'bounced';

export interface CallRow {
  readonly school: string;
  readonly title: string;
  readonly cluster: string | null;
  readonly arm: string;
  readonly eligible: number;
  readonly opened: number;
  readonly responded: number;
  /** People who could still answer: neither sent in nor declined. */
  readonly gain: number;
  readonly bounced: number;
  readonly reasons: readonly CallReason[];
  /** Latest last. */
  readonly calls: readonly Pick<SchoolCall, 'on' | 'by' | 'said' | 'hideUntil'>[];
  /** Not before this day, as the last call says; null: now. */
  readonly hiddenUntil: string | null;
}

export interface CallList {
  readonly today: string;
  /** Days since the opening; negative before. */
  readonly day: number;
  readonly rule: CallRule;
  readonly rows: readonly CallRow[];
}

/** The schools that the rule names, those put off among them. */
export async function callList(
  context: Context,
  administration: Administration,
  rule: CallRule,
  scope: Scope,
): Promise<CallList> {
  const { db } = context;
  const { study: studyId, id, opens } = administration;
  const study = await getStudy(db, studyId);
  const today = dayIn(study.timeZone, context.clock());
  const [lastDay = today] = [today, administration.closes].sort();
  const day = Math.round((Date.parse(lastDay) - Date.parse(opens)) / 86_400_000);
  const [cells, schools] = await Promise.all([
    countCells(db, administration, usualDay(administration, today), scope),
    listSchools(db, studyId, scope),
  ]);
  const ids = schools.map((school) => school.id);
  const calls = await listCalls(db, studyId, id, ids);
  const inSchool = groupBy(cells, ({ school }) => school);
  const callsTo = groupBy(calls, ({ school }) => school);
  const rows = schools.flatMap((school): CallRow[] => {
    const inside = inSchool.get(school.id) ?? [];
    const { invited, ineligible, opened, complete, declined, withdrawn, bounced } = sumCounts(inside);
    const eligible = invited - ineligible;
    const gain = eligible - complete - declined - withdrawn;
    const reasons: CallReason[] = [
      ...(day >= rule.after && complete < (rule.below / 100) * eligible ? (['low'] as const) : []),
      ...(day >= rule.unopened && opened === 0 ? (['unopened'] as const) : []),
      ...(bounced > 0 ? (['bounced'] as const) : []),
    ];
    if (gain <= 0 || reasons.length === 0) return [];
    const said = callsTo.get(school.id) ?? [];
    const until = said.at(-1)?.hideUntil ?? null;
    return [
      {
        school: school.id,
        title: school.name,
        cluster: school.cluster,
        arm: school.arm,
        eligible,
        opened,
        responded: complete,
        gain,
        bounced,
        reasons,
        calls: said.map(({ on, by, said: words, hideUntil }) => ({ on, by, said: words, hideUntil })),
        hiddenUntil: until !== null && until > today ? until : null,
      },
    ];
  });
  const share = ({ responded, eligible }: CallRow) => responded / eligible;
  return { today, day, rule, rows: rows.sort((a, b) => b.gain - a.gain || share(a) - share(b)) };
}

export interface NewCall extends Pick<SchoolCall, 'school' | 'on' | 'by' | 'said' | 'hideUntil'> {
  readonly key: string;
}

/** Writes a call down. The same again is a success; another call under the same key is a `conflict`. */
export async function recordCall(
  context: Context,
  { study, id }: Administration,
  { key, ...call }: NewCall,
  by: { account: string; scope: Scope },
): Promise<void> {
  const { db } = context;
  if (!(await findSchool(db, study, call.school, by.scope))) {
    throw new Problem('not-found', { detail: `There is no school "${call.school}".` });
  }
  const today = dayIn((await getStudy(db, study)).timeZone, context.clock());
  const refuse = (path: string, message: string) => ({ code: 'bad-date', path: `body.${path}`, message });
  const issues = [
    ...(call.on > today ? [refuse('on', 'The day of the call has not come yet.')] : []),
    ...(call.hideUntil !== null && call.hideUntil <= today ? [refuse('hideUntil', 'Give a day after today.')] : []),
  ];
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  const stored = { _id: key, study, administration: id, ...call, account: by.account, at: context.clock() };
  if (await insertCall(db, stored)) return;
  const there = await findCall(db, key);
  const same =
    there?.study === study && there.administration === id && there.school === call.school && there.said === call.said;
  if (!same) throw new Problem('conflict', { detail: 'Another call was written down under this key.' });
}
