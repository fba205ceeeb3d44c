/**
 * Response rates for readers who may not see identified rows: the cells that the report hides from them are hidden here,
 * too, and those from which they could be worked out. Of the outcomes they are told who was asked and who responded, and
 * nothing else. Tables that cut across the schools (by role, by day) are shown only where nothing is hidden in those
 * that do not, so that no two tables can be laid over each other.
 */
import { suppressSmallCells } from '../../analysis/disclosure.ts';
import { hiddenCells } from '../../analysis/disclosure-flow.ts';
import type { OutcomeRates } from '../../analysis/outcomes.ts';
import { type Group, groupsAt, groupsOf, shownCounts } from '../../analysis/report/groups.ts';
import type { AdministrationReportInput } from '../../analysis/report/input.ts';
import type { Estimate } from '../../analysis/result.ts';
import type { Cell } from './cells.ts';
import type { DayRow } from './days.ts';
import type { RateRow } from './rows.ts';

export interface Tables {
  readonly total: RateRow;
  readonly arm: readonly RateRow[];
  readonly cluster: readonly RateRow[];
  readonly school: readonly RateRow[];
  readonly role: readonly RateRow[];
}

export interface ShownTables extends Omit<Tables, 'role'> {
  /** Null where it must not be shown. */
  readonly role: readonly RateRow[] | null;
  /** True when nothing had to be hidden by arm, cluster and school. */
  readonly whole: boolean;
}

/** The row of people and answers that tell no role. */
export const withheldRole = 'withheld';

interface Input extends Pick<AdministrationReportInput, 'study' | 'clusters' | 'schools'> {
  readonly cells: readonly Cell[];
}

/** The same tables without small cells. */
export function suppressedRows(tables: Tables, { cells, ...input }: Input): ShownTables {
  const all = groupsOf({ ...input, rates: reportCounts(cells), rows: [] });
  const hide = { study: input.study, suppress: true };
  const invited = shownCounts(all, (group) => group.invited, hide);
  const responded = shownCounts(all, (group) => group.responded, hide);
  const masked = (level: Group['level']) => {
    const groups = new Map(groupsAt(all, level).map((group) => [group.id, group]));
    return (row: RateRow): RateRow => {
      const group = level === 'all' ? all : groups.get(row.id);
      const shown = (counts: ReadonlyMap<Group, number | null>) => (group ? (counts.get(group) ?? null) : null);
      return hidden(row, shown(invited), shown(responded), input.study.minimumCell);
    };
  };
  const whole = [invited, responded].every((counts) => [...counts.values()].every((count) => count !== null));
  return {
    total: masked('all')(tables.total),
    arm: tables.arm.map(masked('arm')),
    cluster: tables.cluster.map(masked('cluster')),
    school: tables.school.map(masked('school')),
    role: whole ? shownRoles(tables.role, cells, input.study.minimumCell) : null,
    whole,
  };
}

/** What the report counts: people who were to answer, and complete responses. */
export function reportCounts(cells: readonly Cell[]) {
  return cells.map(reportCount);
}

function reportCount({ arm, cluster, school, invited, ineligible, complete }: Cell) {
  return { arm, cluster, school, invited: invited - ineligible, responded: complete };
}

/** Days of which none stands for too few people; null where days would tell what is hidden elsewhere. */
export function shownDays(days: readonly DayRow[], minimum: number, whole: boolean): DayRow[] | null {
  if (!whole) return null;
  const { cells } = suppressSmallCells(
    days.map(({ finished }) => finished ?? 0),
    minimum,
  );
  let known: number | null = 0;
  return days.map(({ day }, at) => {
    const finished = cells[at] ?? null;
    // A running sum tells a hidden day by its neighbours.
    known = known === null || finished === null ? null : known + finished;
    return { day, opened: null, finished, openedSoFar: null, finishedSoFar: known };
  });
}

/**
 * Roles against arms: a role that stands in one arm alone must not tell the rest of it. Null where arms would have to be
 * hidden for that.
 */
function shownRoles(rows: readonly RateRow[], cells: readonly Cell[], minimum: number): RateRow[] | null {
  const arms = [...new Set(cells.map(({ arm }) => arm))];
  const shown = (countOf: (cell: Cell) => number): (number | null)[] | null => {
    const sum = (inside: readonly Cell[]) => inside.reduce((total, cell) => total + countOf(cell), 0);
    const inRole = rows.map(({ id }) => cells.filter(({ role }) => (role ?? withheldRole) === id));
    const armNode = (at: number) => 2 + rows.length + at;
    const all = sum(cells);
    const edges = [
      ...inRole.map((inside, at) => ({ from: 1, to: 2 + at, count: sum(inside), cost: sum(inside) + 1 })),
      { from: 0, to: 1, count: all, cost: all * all + 1 },
      ...arms.map((arm, at) => {
        const count = sum(cells.filter((cell) => cell.arm === arm));
        return { from: armNode(at), to: 0, count, cost: all * all + 1 };
      }),
      // Nobody is shown these, but where a role is in one arm only they are known.
      ...inRole.flatMap((inside, role) =>
        arms.flatMap((arm, at) => {
          const count = sum(inside.filter((cell) => cell.arm === arm));
          return count === 0 ? [] : [{ from: 2 + role, to: armNode(at), count, cost: 0 }];
        }),
      ),
    ];
    const hiddenEdges = hiddenCells(edges, minimum);
    if (hiddenEdges.slice(rows.length, rows.length + 1 + arms.length).some(Boolean)) return null;
    return inRole.map((inside, at) => (hiddenEdges[at] ? null : sum(inside)));
  };
  const invited = shown((cell) => reportCount(cell).invited);
  const responded = shown((cell) => cell.complete);
  if (!invited || !responded) return null;
  return rows.map((row, at) => hidden(row, invited[at] ?? null, responded[at] ?? null, minimum));
}

function hidden(row: RateRow, eligible: number | null, responded: number | null, minimum: number): RateRow {
  const { id, title, arm, cluster, rates } = row;
  const text = `Cells of fewer than ${minimum} people are not shown, nor others from which they could be worked out.`;
  // Without n: it is the number asked.
  const without = ({ method }: Estimate): Estimate => ({
    value: null,
    n: 0,
    interval: null,
    method,
    notes: [{ code: 'suppressed', text }],
  });
  const { rr1, rr2, coop1, ref1, con1 } = rates;
  const shownRates: OutcomeRates = {
    rr1: eligible !== null && responded !== null ? rr1 : without(rr1),
    rr2: without(rr2),
    coop1: without(coop1),
    ref1: without(ref1),
    con1: without(con1),
  };
  return {
    ...{ id, title, arm, cluster, eligible, responded, rates: shownRates },
    ...{ invited: null, opened: null, started: null, partial: null, declined: null },
    ...{ withdrawn: null, silent: null, notReached: null, bounced: null, ineligible: null },
  };
}
