/** Sources compared: self, facilitator and observer; how far the index hangs on its weights; adaptations; usual practice. */
import { useQuery } from '@tanstack/react-query';
import { type SeenBy, type SourceComparison, type View, views } from '../../../analysis/process/sources.ts';
import type { Estimate, Table } from '../../../analysis/result.ts';
import { type Fidelity, type FidelityAnalysis, getFidelityAnalysis } from '../../shared/fidelity-api.ts';
import { formatNumber, formatPercent } from '../../shared/format.ts';
import { fidelityAnalysisKey } from '../keys.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { FidelityPart, useFidelityStudy } from './fidelity.tsx';

const viewTitles: Readonly<Record<View, string>> = {
  self: 'Those who took part',
  facilitator: 'Those who led it',
  observer: 'Observers',
};
const categories = ['low', 'partly', 'as intended'] as const;

export function SourcesPart() {
  return <FidelityPart title="Sources compared">{(fidelity) => <Sources fidelity={fidelity} />}</FidelityPart>;
}

function Sources({ fidelity }: { fidelity: Fidelity }) {
  const { study } = useFidelityStudy();
  const query = useQuery({ queryKey: fidelityAnalysisKey(study.id), queryFn: () => getFidelityAnalysis(study.id) });
  return (
    <Loaded query={query} what="the comparison">
      {(analysis) =>
        analysis && (
          <>
            {analysis.comparisons.map((comparison) => (
              <Compared key={comparison.comparison} comparison={comparison} analysis={analysis} fidelity={fidelity} />
            ))}
            <h3>How far the index hangs on its weights</h3>
            <p className="soft measure">
              The same scores with equal weights, with each component left out, and with {analysis.sensitivity.draws}{' '}
              weights drawn at random. An order of schools that changes much is an order of the weights, not of the
              schools.
            </p>
            <DataTable table={weightTable(analysis, fidelity)} file={`${study.id}-weights.csv`} />
            <DataTable table={placeTable(analysis)} file={`${study.id}-sensitivity.csv`} searchable pageSize={10} />
            <h3>Adaptations</h3>
            <DataTable table={adaptationTable(analysis, fidelity)} file={`${study.id}-adaptations.csv`} quietTitle />
            <h3>Usual practice by arm</h3>
            <p className="soft measure">
              The same items in every arm: what the programme adds, and what comparison schools do anyway.
            </p>
            <DataTable
              table={usualTable(
                analysis,
                study.arms.map(({ id, title }) => [id, title]),
              )}
              file={`${study.id}-usual-practice.csv`}
              quietTitle
            />
          </>
        )
      }
    </Loaded>
  );
}

function Compared(props: { comparison: SourceComparison; analysis: FidelityAnalysis; fidelity: Fidelity }) {
  const { comparison, analysis, fidelity } = props;
  const { study } = useFidelityStudy();
  return (
    <>
      <h3>{comparison.title}</h3>
      <DataTable table={agreementTable(comparison)} file={`${study.id}-${comparison.comparison}-agreement.csv`} />
      <DataTable
        table={unitTable(comparison, analysis, fidelity)}
        file={`${study.id}-${comparison.comparison}-sources.csv`}
        searchable
        pageSize={10}
      />
    </>
  );
}

const interval = ({ interval: bounds }: Estimate) =>
  bounds === null ? null : `${formatNumber(bounds.lower, 2)} to ${formatNumber(bounds.upper, 2)}`;

function agreementTable({ title, pairs, all, comparison }: SourceComparison): Table {
  const rows = pairs.map(({ one, other, n, kappa, weighted, reliability }) => [
    `${viewTitles[one]} and ${viewTitles[other].toLowerCase()}`,
    n,
    kappa.kappa.value,
    interval(kappa.kappa),
    weighted.kappa.value,
    reliability.agreement.single.value,
    interval(reliability.agreement.single),
  ]);
  const three =
    all === null
      ? []
      : [['All three', all.subjects, null, null, null, all.agreement.single.value, interval(all.agreement.single)]];
  const notes = [
    ...pairs.flatMap(({ one, other, kappa, reliability }) =>
      [...kappa.kappa.notes, ...reliability.agreement.single.notes].map(({ code, text }) => ({
        code: `${code}-${one}-${other}`,
        text: `${viewTitles[one]} and ${viewTitles[other].toLowerCase()}: ${text}`,
      })),
    ),
    {
      code: 'unit',
      text: 'One unit is a cluster in a cycle. Kappa takes low, partly and as intended; ICC takes the scores, levels counting.',
    },
  ];
  return {
    id: `${comparison}-agreement`,
    title: `Agreement: ${title.toLowerCase()}`,
    columns: [
      { id: 'pair', title: 'Sources', kind: 'text' },
      { id: 'n', title: 'Units', kind: 'integer' },
      { id: 'kappa', title: 'Kappa', kind: 'number', digits: 2 },
      { id: 'kappa-interval', title: '95 % interval', kind: 'text' },
      { id: 'weighted', title: 'Weighted kappa', kind: 'number', digits: 2 },
      { id: 'icc', title: 'ICC', kind: 'number', digits: 2 },
      { id: 'icc-interval', title: '95 % interval', kind: 'text' },
    ],
    rows: [...rows, ...three],
    notes: [...new Map(notes.map((note) => [note.text, note])).values()],
  };
}

function unitTable(
  { comparison, title, units }: SourceComparison,
  { names }: FidelityAnalysis,
  { cycles }: Fidelity,
): Table {
  const cycleTitles = new Map(cycles.map(({ id, title: text }) => [id, text]));
  const shown = views.filter((name) => units.some(({ views: seen }) => seen[name] !== null));
  const category = (seen: SeenBy | null) => (seen?.category == null ? null : (categories[seen.category] ?? null));
  return {
    id: `${comparison}-sources`,
    title: `What each source says: ${title.toLowerCase()}`,
    columns: [
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'cycle', title: 'Cycle', kind: 'text' },
      ...shown.flatMap((name) => [
        { id: name, title: viewTitles[name], kind: 'number' as const, digits: 2 },
        { id: `${name}-category`, title: `${viewTitles[name]}: category`, kind: 'text' as const },
      ]),
    ],
    rows: units.map(({ cluster, cycle, views: seen }) => [
      names.clusters[cluster] ?? cluster,
      cycleTitles.get(cycle) ?? cycle,
      ...shown.flatMap((name) => [seen[name]?.value ?? null, category(seen[name])]),
    ]),
    notes: [],
  };
}

function weightTable({ sensitivity }: FidelityAnalysis, { components }: Fidelity): Table {
  const titles = new Map(components.map(({ id, title }) => [id, title]));
  return {
    id: 'weights',
    title: 'Order of the schools with other weights',
    columns: [
      { id: 'weights', title: 'Weights', kind: 'text' },
      { id: 'correlation', title: 'Rank correlation with the index', kind: 'number', digits: 3 },
    ],
    rows: [
      ['All equal', sensitivity.withEqual],
      ...sensitivity.withoutComponent.map(({ component, correlation }) => [
        `Without ${titles.get(component) ?? component}`,
        correlation,
      ]),
    ],
    notes: [],
  };
}

function placeTable({ sensitivity, names }: FidelityAnalysis): Table {
  const span = (range: { lower: number; upper: number } | null, digits: number) =>
    range === null ? null : `${formatNumber(range.lower, digits)} to ${formatNumber(range.upper, digits)}`;
  return {
    id: 'sensitivity',
    title: 'Index of each school with other weights',
    columns: [
      { id: 'school', title: 'School', kind: 'text' },
      { id: 'index', title: 'Index', kind: 'number', digits: 2 },
      { id: 'equal', title: 'Equal weights', kind: 'number', digits: 2 },
      { id: 'lowest', title: 'One left out, lowest', kind: 'number', digits: 2 },
      { id: 'highest', title: 'Highest', kind: 'number', digits: 2 },
      { id: 'rank', title: 'Rank', kind: 'number', digits: 1 },
      { id: 'drawn', title: 'Drawn weights, middle 95 %', kind: 'text' },
      { id: 'ranks', title: 'Ranks, middle 95 %', kind: 'text' },
    ],
    rows: sensitivity.places.map(({ id, index, equal, leaveOneOut, rank, drawn, ranks }) => [
      names.schools[id] ?? id,
      index,
      equal,
      leaveOneOut?.lowest ?? null,
      leaveOneOut?.highest ?? null,
      rank,
      span(drawn, 2),
      span(ranks, 0),
    ]),
    notes: [],
  };
}

function adaptationTable({ adaptations, names }: FidelityAnalysis, { cycles }: Fidelity): Table {
  const codes = [...new Set(adaptations.flatMap(({ codes: own }) => own.map(({ variable }) => variable)))];
  const count = (row: FidelityAnalysis['adaptations'][number], variable: string) =>
    row.codes.find((one) => one.variable === variable)?.count ?? null;
  const row = (what: string, of: (one: FidelityAnalysis['adaptations'][number]) => number | string | null) => [
    what,
    ...adaptations.map(of),
  ];
  return {
    id: 'adaptations',
    title: 'Events that were held differently',
    columns: [
      { id: 'what', title: 'What', kind: 'text' },
      ...adaptations.map(({ cycle }) => ({
        id: cycle,
        title: cycles.find(({ id }) => id === cycle)?.title ?? cycle,
        kind: 'integer' as const,
      })),
    ],
    rows: [
      row('Events that say', ({ events }) => events),
      row('Held differently', ({ events, adapted }) =>
        adapted.value === null ? null : Math.round(adapted.value * events),
      ),
      ...codes.map((variable) => row(names.variables[variable] ?? variable, (one) => count(one, variable))),
    ],
    notes: [
      ...adaptations.flatMap(({ cycle, adapted }) =>
        adapted.value === null
          ? []
          : [
              {
                code: `share-${cycle}`,
                text: `${cycles.find(({ id }) => id === cycle)?.title ?? cycle}: ${formatPercent(adapted.value)} held differently, 95 % interval ${interval(adapted)}.`,
              },
            ],
      ),
      { code: 'codes', text: 'An event may have several of the changes.' },
    ],
  };
}

function usualTable({ usualPractice, names }: FidelityAnalysis, arms: readonly (readonly [string, string])[]): Table {
  const variables = [...new Set(usualPractice.map(({ variable }) => variable))];
  const of = (variable: string, arm: string) =>
    usualPractice.find((row) => row.variable === variable && row.arm === arm)?.estimate ?? null;
  return {
    id: 'usual-practice',
    title: 'Usual practice, from 0 to 1',
    columns: [
      { id: 'item', title: 'Item', kind: 'text' },
      ...arms.flatMap(([id, title]) => [
        { id, title, kind: 'number' as const, digits: 2 },
        { id: `${id}-interval`, title: '95 % interval', kind: 'text' as const },
        { id: `${id}-n`, title: 'People', kind: 'integer' as const },
      ]),
    ],
    rows: variables.map((variable) => [
      names.variables[variable] ?? variable,
      ...arms.flatMap(([arm]) => {
        const estimate = of(variable, arm);
        return [estimate?.value ?? null, estimate && interval(estimate), estimate?.value == null ? null : estimate.n];
      }),
    ]),
    notes: [
      {
        code: 'independent',
        text: 'The intervals take people as independent; those of one school are alike, so they are too narrow.',
      },
    ],
  };
}
