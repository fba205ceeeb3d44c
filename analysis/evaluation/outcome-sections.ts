/** The sections on outcomes: each scale by arm and wave, how its scores are spread, and what has changed. Called by the evaluation report. */
import { meanChart } from '../charts.ts';
import {
  collectedNotes,
  countCell,
  estimateCells,
  estimateColumns,
  figureCell,
  printedEstimate,
  suppressed,
  suppressionNotes,
} from '../report/cells.ts';
import type { CellValue, Column, Section, Table } from '../result.ts';
import type { ArmContrast } from './arm-outcomes.ts';
import type { GroupFigure, ShownFigure } from './group-figures.ts';
import { armTitle, type StudyReportInput, waveTitle } from './input.ts';
import type { ScaleFigures, WaveFigures } from './study-figures.ts';

/** The figures of a group as this reader may see them. */
export function figureFor(group: GroupFigure, suppress: boolean): ShownFigure {
  return suppress ? group.protected : group.exact;
}

/** Columns of shares in the bands, and their cells. */
export function bandColumns(scale: Pick<ScaleFigures, 'bands'>): Column[] {
  return scale.bands.map(({ id, title }): Column => ({ id: `share-${id}`, title, kind: 'percent', digits: 0 }));
}

export function bandCells({ bands, n }: ShownFigure): CellValue[] {
  const all =
    bands.reduce<number | null>((sum, count) => (sum === null || count === null ? null : sum + count), 0) ?? n;
  return bands.map((count) => (count === null || all === null ? suppressed : all === 0 ? null : count / all));
}

const arm: Column = { id: 'arm', title: 'Arm', kind: 'text' };
const wave: Column = { id: 'wave', title: 'Wave', kind: 'text' };

/** One section for each scale. */
export function outcomeSections(input: StudyReportInput): Section[] {
  return input.scales.map((scale, at) => outcomeSection(input, scale, at));
}

function outcomeSection(input: StudyReportInput, scale: ScaleFigures, at: number): Section {
  const { study, suppress } = input;
  const id = `outcome-${at + 1}-${scale.id}`;
  const lines = scale.outcomes.means.map((one) => {
    const group = groupOf(scale, one.wave, one.arm);
    const shown = group ? figureFor(group, suppress) : null;
    const n = shown?.n ?? null;
    const inModel = peopleInModel(scale, one, suppress);
    return { ...one, shown, n, inModel, mean: printedEstimate({ ...one.mean, n: inModel ?? 0 }, suppress) };
  });
  // Beside people who tell no school, the mean is of fewer people than answered.
  const fewer = lines.some(({ n, inModel }) => n !== inModel);
  const means: Table = {
    id: `${id}-means`,
    title: `${scale.title}: means by arm and wave`,
    columns: [
      arm,
      wave,
      { id: 'n', title: 'n', kind: 'integer' },
      ...(fewer ? [{ id: 'in-model', title: 'In the model', kind: 'integer' } as const] : []),
      { id: 'schools', title: 'Schools', kind: 'integer' },
      { id: 'clusters', title: 'Clusters', kind: 'integer' },
      ...estimateColumns('mean', 'Mean', 'number'),
      { id: 'sd', title: 'SD', kind: 'number', digits: 2 },
      ...bandColumns(scale),
    ],
    rows: lines.map((line) => [
      armTitle(study, line.arm),
      waveTitle(study, line.wave),
      countCell(line.n),
      ...(fewer ? [countCell(line.inModel)] : []),
      line.schools,
      line.clusters,
      ...estimateCells(line.n, line.mean),
      figureCell(line.n, line.shown?.sd ?? null),
      ...(line.shown ? bandCells(line.shown) : scale.bands.map(() => suppressed)),
    ]),
    notes: [
      ...scale.notes,
      ...suppressionNotes(
        lines.map(({ n }) => n),
        study.minimumCell,
      ),
      ...collectedNotes(
        lines.map(({ mean }) => mean),
        words,
      ),
      ...(fewer ? [{ code: 'in-model', text: inModelNote }] : []),
      ...(suppress ? [] : scale.outcomes.notes),
    ],
  };
  const contrasts = scale.outcomes.contrasts.map((one) => {
    const { shown, inModel } = countOf(scale, one, suppress);
    return { ...one, shown, inModel, estimate: printedEstimate({ ...one.estimate, n: inModel ?? 0 }, suppress) };
  });
  const changes: Table = {
    id: `${id}-changes`,
    title: `${scale.title}: changes and differences`,
    columns: [
      { id: 'what', title: 'What', kind: 'text' },
      { id: 'n', title: 'n', kind: 'integer' },
      ...estimateColumns('difference', 'Difference', 'number'),
    ],
    rows: contrasts.map((one) => [
      contrastTitle(input, one),
      countCell(one.inModel),
      ...estimateCells(one.shown, one.estimate),
    ]),
    notes: collectedNotes(
      contrasts.map(({ estimate }) => estimate),
      words,
    ),
  };
  const drawn = lines.filter(({ n, mean }) => n !== null && mean.value !== null);
  return {
    id,
    title: `Outcome: ${scale.title}`,
    text: `${scale.construct} Means, differences and their 95% intervals are of one mixed model with random intercepts of schools and clusters, without any other predictors. A person who answered in several waves counts in each. The shares are of people with scores in the lower, middle and upper third of the scale from ${scale.range.min} to ${scale.range.max}.`.trim(),
    charts:
      drawn.length === 0
        ? []
        : [
            meanChart({
              id: `${id}-means`,
              title: `${scale.title} by arm and wave`,
              summary: `Means of ${drawn.length} ${drawn.length === 1 ? 'group' : 'groups'} with 95% intervals on the scale from ${scale.range.min} to ${scale.range.max}.`,
              table: means.id,
              axis: scale.score === 'sum' ? 'Mean sum score' : 'Mean score',
              range: scale.range,
              line: null,
              rows: drawn.map((line) => ({
                label: `${armTitle(study, line.arm)}, ${waveTitle(study, line.wave)} (n = ${line.inModel ?? `up to ${line.n}`})`,
                value: line.mean.value,
                interval: line.mean.interval,
                n: line.inModel ?? line.n ?? 0,
              })),
            }),
          ],
    tables: [means, ...(contrasts.length > 0 ? [changes] : [])],
  };
}

function groupOf(scale: ScaleFigures, waveId: string, armId: string): GroupFigure | undefined {
  const inWave = (one: WaveFigures) => one.wave === waveId;
  return scale.waves
    .filter(inWave)
    .flatMap(({ groups }) => groups)
    .find(({ level, id }) => level === 'arm' && id === armId);
}

const inModelNote =
  'n, SD and shares are of everybody who answered. Whoever tells no school is not in the model, of which the mean is.';

/** Those of an arm and wave who tell their school; null where that, or how many do not, must not be seen. */
function peopleInModel(
  scale: ScaleFigures,
  { arm: id, wave: of, people }: { readonly arm: string; readonly wave: string; readonly people: number },
  suppress: boolean,
): number | null {
  if (!suppress) return people;
  const whole = groupOf(scale, of, id);
  const groups = scale.waves.find((one) => one.wave === of)?.groups ?? [];
  const nowhere = groups.filter(
    ({ level, id: school, arm: name }) => level === 'school' && !school && name === whole?.name,
  );
  return nowhere.reduce<number | null>((left, { protected: { n } }) => {
    return left === null || n === null ? null : left - n;
  }, whole?.protected.n ?? null);
}

/** People behind a contrast: whether they may be told, and how many; null where one of its groups must not be. */
function countOf(
  scale: ScaleFigures,
  { arm: own, against, wave: to, since }: ArmContrast,
  suppress: boolean,
): { readonly shown: number | null; readonly inModel: number | null } {
  const cells = [own, ...(against === null ? [] : [against])].flatMap((id) =>
    [to, ...(since === null ? [] : [since])].map((of) => ({ arm: id, wave: of })),
  );
  const add = (counts: readonly (number | null)[]) =>
    counts.reduce<number | null>((sum, n) => (sum === null || n === null ? null : sum + n), 0);
  return {
    shown: add(
      cells.map(({ arm: id, wave: of }) => {
        const group = groupOf(scale, of, id);
        return group ? figureFor(group, suppress).n : 0;
      }),
    ),
    inModel: add(
      cells.map((cell) => {
        const mean = scale.outcomes.means.find((one) => one.arm === cell.arm && one.wave === cell.wave);
        return mean ? peopleInModel(scale, mean, suppress) : 0;
      }),
    ),
  };
}

function contrastTitle({ study }: StudyReportInput, one: ArmContrast): string {
  const [own, to] = [armTitle(study, one.arm), waveTitle(study, one.wave)];
  const against = one.against === null ? '' : armTitle(study, one.against);
  if (one.kind === 'change') return `${own}: ${to} less ${waveTitle(study, one.since ?? '')}`;
  if (one.kind === 'difference') return `${to}: ${own} less ${against}`;
  return `Net change, ${to} since ${waveTitle(study, one.since ?? '')}: ${own} less ${against}`;
}

const words: Readonly<Record<string, string>> = {
  singular: 'schools or clusters do not differ beyond chance in this model, so their variance is estimated as zero.',
  'too-few-groups': 'fewer than two schools, so the model says nothing.',
  'too-few-values': 'too few answers for the model.',
  'no-variance': 'all scores are the same.',
};
