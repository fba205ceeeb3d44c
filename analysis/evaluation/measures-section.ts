/** The section on the measures: before any result, how well each scale measured in each wave. Called by the reports. */
import { meanChart } from '../charts.ts';
import { quantile } from '../descriptives.ts';
import { countCell, estimateCells, estimateColumns, figureCell, suppressed } from '../report/cells.ts';
import { pagesOf } from '../report/pages.ts';
import type { CellValue, Column, Estimate, Note, Section, Table } from '../result.ts';
import { fewestSchoolsTold, gateWords } from './gate.ts';
import type { GroupFigure } from './group-figures.ts';
import { type StudyReportInput, waveTitle } from './input.ts';
import type { Measure } from './measure.ts';

interface Line {
  readonly scale: string;
  readonly wave: string;
  readonly measure: Measure;
  readonly sizes: ToldSizes;
  /** Null where too few answered to show anything. */
  readonly shown: number | null;
}

const names: readonly Column[] = [
  { id: 'scale', title: 'Scale', kind: 'text' },
  { id: 'wave', title: 'Wave', kind: 'text' },
];
const number = (id: string, title: string, digits = 2): Column => ({ id, title, kind: 'number', digits });
const whole = (id: string, title: string): Column => ({ id, title, kind: 'integer' });

/** Reliability, dimensionality, agreement within schools, and whether the gate is passed: three tables and a chart. */
export function measuresSection(input: StudyReportInput): Section {
  const { study, suppress } = input;
  const lines = input.scales.flatMap(({ title, waves }) =>
    waves.map(({ wave, measure, groups }): Line => {
      const few = suppress && measure.n > 0 && measure.n < study.minimumCell;
      const sizes = toldSizes(measure.sizes, groups, suppress ? study.minimumCell : null);
      return { scale: title, wave: waveTitle(study, wave), measure, sizes, shown: few ? null : measure.n };
    }),
  );
  const table = (
    id: string,
    title: string,
    columns: readonly Column[],
    cells: (line: Line) => CellValue[],
    notes: readonly Note[] = [],
  ): Table => ({
    id,
    title,
    columns: [...names, ...columns],
    rows: lines.map((line) => [line.scale, line.wave, ...cells(line)]),
    notes,
  });
  const drawn = lines.filter(({ shown, measure }) => shown !== null && measure.omega.value !== null);
  const reliability = table(
    'measures-reliability',
    'Reliability of the scales',
    [
      whole('items', 'Items'),
      whole('n', 'n'),
      ...estimateColumns('alpha', 'Alpha', 'number'),
      ...estimateColumns('omega', 'Omega', 'number'),
    ],
    ({ measure: { items, alpha, omega }, shown }) => [
      items,
      countCell(shown),
      ...estimateCells(shown, alpha),
      ...estimateCells(shown, omega),
    ],
    notesOf(lines, suppress),
  );
  return {
    id: 'measures',
    title: 'Measures',
    text:
      lines.length === 0
        ? 'No scale has been asked of people yet.'
        : `How well each scale measured, before anything is made of it. Alpha with Feldt’s interval, omega of one factor with an interval from its log odds. ${gateWords(input.gate)} Where the gate is not passed, reports show how answers are spread and no school mean.`,
    charts: pagesOf(drawn).map(({ rows, ending, span }) =>
      meanChart({
        id: `measures-reliability${ending}`,
        title: `Omega by scale and wave${span}`,
        summary: `Omega of ${rows.length} ${rows.length === 1 ? 'scale in one wave' : 'scales and waves'} with 95% intervals, from 0 to 1.`,
        table: reliability.id,
        axis: 'Omega',
        range: { min: 0, max: 1 },
        line: { value: 0.7, label: '0.70' },
        rows: rows.map(({ scale, wave, measure }) => ({
          label: `${scale}, ${wave} (n = ${measure.omega.n})`,
          ...figure(measure.omega),
        })),
      }),
    ),
    tables:
      lines.length === 0
        ? []
        : [
            table(
              'measures-gate',
              'Agreement within schools and the aggregation gate',
              [
                { id: 'gate', title: 'Gate', kind: 'text' },
                ...estimateColumns('icc1', 'ICC(1)', 'number'),
                ...estimateColumns('icc2', 'ICC(2)', 'number'),
                number('rwgj', 'rwg(j), median'),
                number('rwgj-lower', 'lower quartile'),
                number('rwgj-upper', 'upper quartile'),
                whole('schools', 'Schools'),
                whole('least', 'Fewest people'),
                number('median', 'Median people', 1),
                whole('most', 'Most people'),
              ],
              ({ measure: { verdict, icc1, icc2, rwgJ }, sizes, shown }) => {
                const few = suppress && rwgJ.schools < fewestSchoolsTold;
                return [
                  verdict.passed ? 'passed' : 'not passed',
                  ...estimateCells(shown, icc1),
                  ...estimateCells(shown, icc2),
                  ...[rwgJ.median, rwgJ.lower, rwgJ.upper].map((value) => figureCell(few ? null : shown, value)),
                  ...[sizes.schools, sizes.least, sizes.median, sizes.most].map((value) => figureCell(shown, value)),
                ];
              },
              [
                ...lines
                  .filter(({ measure, shown }) => shown !== null && !measure.verdict.passed)
                  .map(({ scale, wave, measure: { verdict } }) => ({
                    code: 'gate',
                    text: `${scale}, ${wave}: ${(suppress ? verdict.told : verdict.reasons).join('; ')}.`,
                  })),
                ...(suppress && lines.length > 0 ? [{ code: 'sizes', text: sizesTold }] : []),
              ],
            ),
            reliability,
            table(
              'measures-dimensions',
              'Dimensionality: eigenvalues, and how one factor fits',
              [
                number('first', 'First eigenvalue'),
                number('second', 'Second eigenvalue'),
                { id: 'share', title: 'Share of the first', kind: 'percent', digits: 1 },
                whole('df', 'df'),
                number('chi-square', 'Chi-square', 1),
                number('scaled', 'Scaled chi-square', 1),
                number('cfi', 'CFI', 3),
                number('tli', 'TLI', 3),
                number('rmsea', 'RMSEA', 3),
                number('rmsea-lower', '90% lower', 3),
                number('rmsea-upper', '90% upper', 3),
                number('srmr', 'SRMR', 3),
              ],
              ({ measure: { eigenvalues, items, fit }, shown }) =>
                [
                  eigenvalues[0] ?? null,
                  eigenvalues[1] ?? null,
                  eigenvalues[0] === undefined ? null : eigenvalues[0] / items,
                  fit?.degreesOfFreedom ?? null,
                  fit?.chiSquare ?? null,
                  fit?.scaled ?? null,
                  fit?.cfi ?? null,
                  fit?.tli ?? null,
                  fit?.rmsea.value ?? null,
                  fit?.rmsea.lower ?? null,
                  fit?.rmsea.upper ?? null,
                  fit?.srmr ?? null,
                ].map((value) => figureCell(shown, value)),
              [
                {
                  code: 'one-factor',
                  text: 'One factor by maximum likelihood with all answers; none for fewer than four items, which it always fits. CFI, TLI and RMSEA are of the chi-square; the scaled one is corrected for schools where they are many.',
                },
              ],
            ),
          ],
  };
}

const sizesTold = `Numbers of people are of the schools whose number may be shown, so that no other comes out of them; rwg(j) of fewer than ${fewestSchoolsTold} schools is not shown.`;

interface ToldSizes {
  readonly schools: number;
  readonly least: CellValue;
  readonly median: CellValue;
  readonly most: CellValue;
}

/**
 * How many people stand behind the schools. From the median and the greatest of a few sizes and their sum the smallest can
 * be worked out, and of many it may be the one that others were hidden for: a suppressed report tells them of the schools
 * whose size stands in a report anyhow.
 */
function toldSizes(sizes: Measure['sizes'], groups: readonly GroupFigure[], minimum: number | null): ToldSizes {
  if (minimum === null || sizes.schools === 0) return sizes;
  const shown = groups.flatMap(({ level, id, protected: { n } }) => (level === 'school' && id !== '' && n ? n : []));
  if (shown.length === 0) return { schools: sizes.schools, least: suppressed, median: suppressed, most: suppressed };
  const small = sizes.least !== null && sizes.least < minimum;
  return {
    schools: sizes.schools,
    least: small ? `under ${minimum}` : Math.min(...shown),
    median: quantile(shown, 0.5),
    most: Math.max(...shown),
  };
}

function figure({ value, interval, n }: Estimate) {
  return { value, interval, n };
}

/** Each doubt once, with the scales and waves that it concerns. How many left gaps is a count that may be too small. */
function notesOf(lines: readonly Line[], suppress: boolean): Note[] {
  const known = new Map<string, { readonly note: Note; readonly of: string[] }>();
  for (const { scale, wave, measure, shown } of lines) {
    if (shown === null) continue;
    for (const note of measure.notes) {
      if (suppress && /\d/.test(note.text)) continue;
      // Texts with counts differ from scale to scale.
      const key = `${note.code} ${note.text.replace(/\d[\d,.]*/g, '#')}`;
      const entry = known.get(key) ?? { note, of: [] };
      entry.of.push(`${scale}, ${wave}`);
      known.set(key, entry);
    }
  }
  return [...known.values()].map(({ note, of }) => ({
    code: note.code,
    text: `${[...new Set(of)].join('; ')}: ${note.text}`,
  }));
}
