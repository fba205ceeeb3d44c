/**
 * One scale in one wave, group by group: everybody, arms, clusters, schools; exact for whoever may see identified rows, and
 * as it may be shown to others. Called by the worker that prepares a study's reports.
 */
import type { AggregationGate } from '../../instruments/study.ts';
import type { ShownCount } from '../disclosure.ts';
import type { Group } from '../report/groups.ts';
import { groupsOf } from '../report/groups.ts';
import type { AdministrationReportInput } from '../report/input.ts';
import { type Figures, figuresOf } from '../report/scales.ts';
import type { Estimate } from '../result.ts';
import { type BandTree, bandCounts, bandsOf, type ShownBands, suppressBands } from './bands.ts';
import { type GateVerdict, judgeSchool } from './gate.ts';
import type { Measure } from './measure.ts';

/** What a reader is shown of a group; counts are null where they must not be seen, and figures count for nothing then. */
export interface ShownFigure {
  readonly n: ShownCount;
  readonly mean: Estimate;
  readonly sd: number | null;
  /** People in each third of the scale's range, lowest first. */
  readonly bands: readonly ShownCount[];
}

export interface GroupFigure {
  readonly level: Group['level'];
  readonly id: string;
  readonly name: string;
  /** Names of the arm and the cluster around it; empty above. */
  readonly arm: string;
  readonly cluster: string;
  /** Id of the cluster that a school is in; empty for others. */
  readonly clusterId: string;
  readonly exact: ShownFigure;
  readonly protected: ShownFigure;
  /** Of a school: may its mean be shown as such? Null for all others. */
  readonly verdict: GateVerdict | null;
  /** Schools with people of its own, and the most people that one of them has. */
  readonly schools: number;
}

/** Figures of all groups of a scale, from everybody down to the schools. */
export function groupFigures(
  input: AdministrationReportInput,
  place: number,
  measure: Pick<Measure, 'verdict' | 'agreementOf'>,
  gate: AggregationGate,
): GroupFigure[] {
  const scale = input.scales[place];
  if (!scale) throw new RangeError(`groupFigures requires one of ${input.scales.length} scales`);
  const all = groupsOf(input);
  const exact = figuresOf({ ...input, suppress: false }, all, scale, place);
  const shown = figuresOf({ ...input, suppress: true }, all, scale, place);
  const bands = bandsOf(scale);
  // The bands count people with a score; where items are averaged first, a few more have answered.
  const scored = (group: Group) =>
    bandCounts(
      group.people.map((person) => input.rows[person]?.scores[place] ?? null),
      bands,
    );
  const tree = (group: Group): BandTree => {
    const counts = scored(group);
    const hidden = (shown.get(group)?.shown ?? null) === null;
    return { count: counts.reduce((a, b) => a + b, 0), bands: counts, hidden, parts: group.parts.map(tree) };
  };
  const whole = tree(all);
  const seen = suppressBands(whole, input.study.minimumCell);
  const figures: GroupFigure[] = [];
  const collect = (group: Group, own: BandTree, safe: ShownBands, clusterId: string): void => {
    const { level, id, name, arm, cluster } = group;
    const count = exact.get(group)?.shown ?? 0;
    figures.push({
      ...{ level, id, name, arm, cluster },
      clusterId: level === 'school' ? clusterId : '',
      exact: figureOf(exact.get(group), own.bands),
      protected: figureOf(shown.get(group), safe.bands, safe.count === null),
      verdict:
        level === 'school' ? judgeSchool(gate, measure.verdict, count ?? 0, measure.agreementOf.get(id) ?? null) : null,
      schools: schoolsWithPeople(group, exact),
    });
    group.parts.forEach((part, at) => {
      const [ownPart, safePart] = [own.parts[at], safe.parts[at]];
      if (ownPart && safePart) collect(part, ownPart, safePart, level === 'cluster' ? id : '');
    });
  };
  collect(all, whole, seen, '');
  return figures;
}

function figureOf(figures: Figures | undefined, bands: readonly ShownCount[], hidden = false): ShownFigure {
  const none: Estimate = { value: null, n: 0, interval: null, method: '', notes: [] };
  if (!figures || figures.shown === null || hidden)
    return { n: null, mean: none, sd: null, bands: bands.map(() => null) };
  return { n: figures.shown, mean: figures.estimate, sd: figures.sd, bands };
}

function schoolsWithPeople(group: Group, exact: ReadonlyMap<Group, Figures>): number {
  if (group.level === 'school') return group.id !== '' && (exact.get(group)?.shown ?? 0) > 0 ? 1 : 0;
  return group.parts.reduce((total, part) => total + schoolsWithPeople(part, exact), 0);
}
