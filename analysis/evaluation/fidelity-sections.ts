/**
 * The sections on fidelity and compliance, from the fidelity of every cluster and school as its own reader may see it
 * (`analysis/process/`). Called by the server, which puts them into the reports of a study with a published model.
 */
import { rateChart } from '../charts.ts';
import { meanInterval } from '../descriptives.ts';
import type { PlaceFidelity } from '../process/picture.ts';
import { collectedNotes, estimateColumns, printedEstimate, suppressed } from '../report/cells.ts';
import type { CellValue, Column, Estimate, Section, Table } from '../result.ts';

export interface FidelityInput {
  readonly model: { readonly title: string; readonly version: number; readonly state: string };
  readonly compliance: { readonly decided: string; readonly index: number };
  readonly components: readonly {
    readonly id: string;
    readonly title: string;
    readonly core: boolean;
    readonly level: string;
  }[];
  readonly cycles: readonly { readonly id: string; readonly title: string }[];
  readonly clusters: readonly PlaceFidelity[];
  readonly schools: readonly PlaceFidelity[];
}

/** From so many clusters on a mean over clusters stands beside a school. */
const fewestClusters = 3;

interface Line {
  readonly component: FidelityInput['components'][number];
  readonly cycle: FidelityInput['cycles'][number];
  /** Mean of the clusters' means, 0 to 1; each cluster counts once. */
  readonly mean: Estimate;
  readonly places: number;
}

/** Components in order, each with its cycles, as far as anything is scored. */
function linesOf(input: FidelityInput): Line[] {
  return input.components.flatMap((component) =>
    input.cycles.flatMap((cycle): Line[] => {
      const places = component.level === 'cluster' ? input.clusters : input.schools;
      const byCluster = new Map<string, number[]>();
      let scored = 0;
      for (const place of places) {
        if (!place.programme) continue;
        const value = place.cells.find((cell) => cell.component === component.id && cell.cycle === cycle.id)?.value;
        if (value === null || value === undefined) continue;
        const unit = place.level === 'cluster' ? place.id : (place.cluster ?? place.id);
        byCluster.set(unit, [...(byCluster.get(unit) ?? []), value]);
        scored += 1;
      }
      if (scored === 0) return [];
      const means = [...byCluster.values()].map((values) => values.reduce((a, b) => a + b, 0) / values.length);
      return [{ component, cycle, mean: meanInterval(means), places: scored }];
    }),
  );
}

/** Fidelity by component and cycle, dose by cluster, and compliance: for the evaluation report. */
export function fidelitySections(input: FidelityInput, suppress: boolean): Section[] {
  const lines = linesOf(input).map((line) => ({ ...line, mean: printedEstimate(line.mean, suppress) }));
  const components: Table = {
    id: 'fidelity-components',
    title: 'Fidelity by component and cycle',
    columns: [
      { id: 'component', title: 'Component', kind: 'text' },
      { id: 'cycle', title: 'Cycle', kind: 'text' },
      { id: 'core', title: 'Core', kind: 'text' },
      { id: 'places', title: 'Places scored', kind: 'integer' },
      { id: 'clusters', title: 'Clusters', kind: 'integer' },
      ...estimateColumns('score', 'Score', 'percent'),
    ],
    rows: lines.map(({ component, cycle, mean, places }): CellValue[] => [
      component.title,
      cycle.title,
      component.core ? 'core' : 'adaptable',
      places,
      mean.n,
      ...boundsOf(mean),
    ]),
    notes: collectedNotes(
      lines.map(({ mean }) => mean),
      {},
    ),
  };
  const clusters = input.clusters.filter(({ programme }) => programme);
  return [
    {
      id: 'fidelity',
      title: 'Fidelity',
      text: `${input.model.title}, version ${input.model.version} (${input.model.state}). Scores go from 0 to 100%; each is the mean over clusters of the means of their schools, with a 95% interval that takes clusters as independent. Scores that stand for too few people are left out.`,
      charts:
        lines.length === 0
          ? []
          : [
              rateChart({
                id: 'fidelity-components',
                title: 'Fidelity by component and cycle',
                summary: `Mean scores of ${lines.length} components and cycles over clusters, from 0 to 100%, with 95% intervals.`,
                table: components.id,
                axis: 'Mean score',
                rows: lines.map(({ component, cycle, mean }) => ({
                  label: `${component.title}, ${cycle.title} (n = ${mean.n})`,
                  value: mean.value,
                  interval: within(mean.interval),
                  n: mean.n,
                })),
              }),
            ],
      tables: [components, doseTable(clusters)],
    },
    complianceSection(input, clusters, suppress),
  ];
}

/** Whiskers end where no score can lie. */
function within(interval: Estimate['interval']): Estimate['interval'] {
  return interval && { ...interval, lower: Math.max(0, interval.lower), upper: Math.min(1, interval.upper) };
}

function boundsOf({ value, interval }: Estimate): CellValue[] {
  return [value, interval?.lower ?? null, interval?.upper ?? null];
}

function doseTable(clusters: readonly PlaceFidelity[]): Table {
  const whole = (id: string, title: string): Column => ({ id, title, kind: 'integer' });
  return {
    id: 'fidelity-dose',
    title: 'Dose received against what was due, and the index, by cluster',
    columns: [
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      whole('planned', 'Events due so far'),
      whole('received', 'Of these received'),
      whole('late', 'Late'),
      { id: 'planned-days', title: 'Days due so far', kind: 'number', digits: 1 },
      { id: 'received-days', title: 'Of these received', kind: 'number', digits: 1 },
      { id: 'index', title: 'Index', kind: 'percent', digits: 0 },
      { id: 'core-index', title: 'Core index', kind: 'percent', digits: 0 },
    ],
    rows: clusters.map(({ name, dose, index, coreIndex }) => [
      name,
      dose.planned,
      dose.received,
      dose.late,
      dose.plannedDays,
      dose.receivedDays,
      index,
      coreIndex,
    ]),
    notes: [
      {
        code: 'due',
        text: 'Events and days whose last expected day has passed; what is still to come stands on neither side.',
      },
    ],
  };
}

function complianceSection(input: FidelityInput, clusters: readonly PlaceFidelity[], suppress: boolean): Section {
  const row = (title: string, places: readonly PlaceFidelity[]): CellValue[] => {
    const told = (value: 0 | 1 | null) => places.filter(({ compliance }) => compliance.complied === value).length;
    const continuous = meanInterval(places.map(({ compliance }) => compliance.continuous));
    return [title, places.length, told(1), told(0), told(null), ...boundsOf(printedEstimate(continuous, suppress))];
  };
  return {
    id: 'compliance',
    title: 'Compliance',
    text: `By the rule that was decided on ${input.compliance.decided}: complied is an index of at least ${Math.round(100 * input.compliance.index)}% and what the model says on core components. The continuous variable goes from 0 to 1.`,
    charts: [],
    tables: [
      {
        id: 'compliance',
        title: 'Compliance of programme clusters and schools',
        columns: [
          { id: 'level', title: 'Level', kind: 'text' },
          { id: 'n', title: 'n', kind: 'integer' },
          { id: 'complied', title: 'Complied', kind: 'integer' },
          { id: 'not', title: 'Did not', kind: 'integer' },
          { id: 'unknown', title: 'Cannot be told', kind: 'integer' },
          ...estimateColumns('continuous', 'Continuous, mean', 'number'),
        ],
        rows: [
          row('Clusters', clusters),
          row(
            'Schools',
            input.schools.filter(({ programme }) => programme),
          ),
        ],
        notes: [
          {
            code: 'clustered',
            text: 'The interval over schools takes schools as independent; schools of one cluster are alike.',
          },
        ],
      },
    ],
  };
}

/** What took place at one school, beside the mean over clusters; nothing for a school outside the programme. */
export function schoolFidelitySection(input: FidelityInput, school: string): Section[] {
  const own = input.schools.find(({ id, programme }) => id === school && programme);
  if (!own) return [];
  const cluster = input.clusters.find(({ id }) => id === own.cluster);
  const rows = linesOf(input).flatMap(({ component, cycle, mean }): CellValue[][] => {
    const place = component.level === 'cluster' ? cluster : own;
    const cell = place?.cells.find((one) => one.component === component.id && one.cycle === cycle.id);
    if (!cell) return [];
    const beside = mean.n >= fewestClusters ? (printedEstimate(mean, true).value ?? null) : null;
    return [[component.title, cycle.title, cell.reason === 'suppressed' ? suppressed : cell.value, beside]];
  });
  if (rows.length === 0) return [];
  return [
    {
      id: 'fidelity',
      title: 'What took place',
      text: 'What was logged and observed of the programme at your school, or, for what a whole cluster does together, in your cluster: 100% is everything that was planned. Beside it stands the mean over all clusters.',
      charts: [],
      tables: [
        {
          id: 'fidelity',
          title: 'What took place, against what was planned',
          columns: [
            { id: 'component', title: 'What', kind: 'text' },
            { id: 'cycle', title: 'Cycle', kind: 'text' },
            { id: 'own', title: 'Your school', kind: 'percent', digits: 0 },
            { id: 'all', title: 'All clusters', kind: 'percent', digits: 0 },
          ],
          rows,
          notes: [],
        },
      ],
    },
  ];
}
