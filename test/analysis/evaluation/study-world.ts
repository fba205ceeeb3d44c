/** A small study over two waves as the reports take it, for their tests; answers make one scale of three items. */
import type { StudyReportInput } from '../../../analysis/evaluation/input.ts';
import { instrumentFigures } from '../../../analysis/evaluation/study-figures.ts';
import { type AggregationGate, usualGate } from '../../../instruments/study.ts';
import { type SchoolOf, trust, world } from '../report-world.ts';

export interface StudyWorldOptions {
  readonly suppress?: boolean;
  readonly minimumCell?: number;
  readonly gate?: AggregationGate;
}

/** The waves `before` and `after`, each with its schools. */
export function studyWorld(
  before: readonly SchoolOf[],
  after: readonly SchoolOf[],
  options: StudyWorldOptions = {},
): StudyReportInput {
  const { suppress = false, minimumCell = 5, gate = usualGate } = options;
  const waves = [
    { id: 'before', title: 'Before', opens: '2026-01-01', closes: '2026-02-01' },
    { id: 'after', title: 'After', opens: '2027-01-01', closes: '2027-02-01' },
  ];
  const inputs = [before, after].map((schools, at) => {
    const input = world(schools, { minimumCell, scale: trust });
    const wave = waves[at]?.id ?? '';
    return {
      ...input,
      study: { ...input.study, waves },
      administration: { ...input.administration, id: `survey-${wave}`, title: `Survey, ${wave}`, wave },
    };
  });
  const [first] = inputs;
  if (!first) throw new Error('there are two waves');
  const unique = <T extends { readonly id: string }>(lists: readonly (readonly T[])[]) => [
    ...new Map(lists.flat().map((one) => [one.id, one])).values(),
  ];
  const schools = unique(inputs.map((input) => input.schools));
  const clusters = unique(inputs.map((input) => input.clusters));
  return {
    study: first.study,
    gate,
    clusters,
    schools,
    scales: instrumentFigures({
      administrations: inputs.map((input) => ({ ...input, schools, clusters })),
      maps: [],
      gate,
    }),
    administrations: inputs.map(({ administration: { id, title, wave }, rates }) => ({
      ...{ id, title, wave, rates },
      instrument: 'small',
    })),
    roster: first.study.arms.map(({ id }) => ({
      arm: id,
      clusters: clusters.filter(({ arm }) => arm === id).length,
      schools: schools.filter(({ arm }) => arm === id).length,
      people: before.filter(({ arm }) => arm === id).reduce((sum, { invited }) => sum + invited, 0),
      ...{ clustersLeft: 0, schoolsLeft: 0, peopleLeft: 0 },
    })),
    amendments: [],
    day: '2027-03-01',
    suppress,
    further: [],
  };
}
