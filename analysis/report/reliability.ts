/** The section on reliability: Cronbach's alpha of every scale, and what each item does to it. */
import type { Scale } from '../../instruments/instrument.ts';
import { noEstimate } from '../estimate.ts';
import { cronbachAlpha, type Reliability } from '../reliability.ts';
import type { CellValue, Estimate, Note, Section, Table } from '../result.ts';
import { countCell, estimateCells, estimateColumns, figureCell, suppressed } from './cells.ts';
import type { AdministrationReportInput } from './input.ts';
import { stemsOf } from './item-groups.ts';
import { answerers, scaleColumns } from './scale-columns.ts';

interface ScaleReliability {
  readonly scale: Scale;
  /** People who answered any item; null where they are too few to be shown. */
  readonly shown: number | null;
  readonly alpha: Estimate;
  readonly standardised: Estimate;
  readonly items: Reliability['items'];
}

/** Alpha on the people who answered any item of the scale, with pairwise covariances. */
export function reliabilitySection(input: AdministrationReportInput): Section {
  const scales = input.scales.map((scale) => reliabilityOf(input, scale));
  const summary: Table = {
    id: 'reliability',
    title: 'Cronbach’s alpha',
    columns: [
      { id: 'scale', title: 'Scale', kind: 'text' },
      { id: 'items', title: 'Items', kind: 'integer' },
      { id: 'n', title: 'n', kind: 'integer' },
      ...estimateColumns('alpha', 'Alpha', 'number'),
      { id: 'standardised', title: 'Standardised alpha', kind: 'number', digits: 2 },
    ],
    rows: scales.map(({ scale, shown, alpha, standardised }): CellValue[] => [
      scale.title,
      scale.items.length,
      countCell(shown),
      ...estimateCells(shown, alpha),
      figureCell(shown, standardised.value),
    ]),
    notes: scales.flatMap((one) => notesOf(input, one)),
  };
  return {
    id: 'reliability',
    title: 'Reliability',
    text:
      scales.length === 0
        ? 'This instrument has no scales.'
        : 'Internal consistency with Feldt’s 95% interval, from pairwise covariances of the people who answered any item of the scale, reversed items turned. The interval treats people as independent.',
    charts: [],
    tables:
      scales.length === 0
        ? []
        : [summary, ...scales.filter(({ items }) => items.length > 0).map((one) => itemTable(input, one))],
  };
}

function reliabilityOf(input: AdministrationReportInput, scale: Scale): ScaleReliability {
  const people = answerers(input, scale);
  const n = people.length;
  const shown = input.suppress && n > 0 && n < input.study.minimumCell ? null : n;
  if (scale.items.length < 2) {
    const none = noEstimate(n, 'Cronbach’s alpha', {
      code: 'too-few-items',
      text: 'Alpha needs two items or more.',
    });
    return { scale, shown, alpha: none, standardised: none, items: [] };
  }
  const { alpha, standardised, items } = cronbachAlpha(scaleColumns(input, scale, people));
  return { scale, shown, alpha, standardised, items };
}

function itemTable(input: AdministrationReportInput, { scale, shown, items }: ScaleReliability): Table {
  const labels = itemLabels(input, scale);
  return {
    id: `reliability-${scale.id}`,
    title: `${scale.title}: items and alpha`,
    columns: [
      { id: 'item', title: 'Item', kind: 'text' },
      { id: 'item-rest', title: 'Correlation with the rest', kind: 'number', digits: 2 },
      { id: 'alpha-if-deleted', title: 'Alpha without the item', kind: 'number', digits: 2 },
      { id: 'standardised-if-deleted', title: 'Standardised alpha without it', kind: 'number', digits: 2 },
    ],
    rows: items.map((item, place): CellValue[] => [
      labels[place] ?? '',
      figureCell(shown, item.itemRest),
      figureCell(shown, item.alphaIfDeleted),
      figureCell(shown, item.standardisedIfDeleted),
    ]),
    notes: [],
  };
}

/** The items' own words; with those of their matrix before them only where two items would read alike. */
function itemLabels({ codebook }: AdministrationReportInput, scale: Scale): string[] {
  const stems = stemsOf(codebook);
  const labels = scale.items.map(({ name }) => {
    const variable = codebook.variables.find((one) => one.name === name);
    const whole = variable?.label ?? name;
    return { whole, own: whole.slice((stems.get(variable?.question ?? '') ?? '').length).trim() };
  });
  const alike = new Set(labels.map(({ own }) => own)).size < labels.length;
  return labels.map(({ whole, own }, place) => {
    const label = alike ? whole : own;
    return scale.items[place]?.reversed ? `${label} (reversed)` : label;
  });
}

/** The notes of one scale, its title before them. How many answered everything is a count that may be too small. */
function notesOf(input: AdministrationReportInput, { scale, shown, alpha }: ScaleReliability): Note[] {
  if (shown === null) {
    const text = `${scale.title}: not shown (“${suppressed}”), since fewer than ${input.study.minimumCell} people answered.`;
    return [{ code: 'suppressed', text }];
  }
  return alpha.notes
    .filter(({ code }) => !(input.suppress && code === 'pairwise'))
    .map(({ code, text }) => ({ code, text: `${scale.title}: ${text}` }));
}
