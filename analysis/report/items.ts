/** The section on items: how the answers to every closed item are distributed. */
import { divergingChart, rateChart, stackedChart } from '../charts.ts';
import { type ShownCount, suppressSmallCells } from '../disclosure.ts';
import { mostCategories, mostDiverging } from '../palette.ts';
import type { CellValue, ChartSpec, Column, Note, Section, Table } from '../result.ts';
import { countCell, figureCell, printedCount, suppressionNotes } from './cells.ts';
import type { AdministrationReportInput } from './input.ts';
import { type Item, type ItemGroup, itemGroupsOf, openItems } from './item-groups.ts';
import { pagesOf } from './pages.ts';

/** The answers to one item. */
interface Distribution {
  readonly item: Item;
  readonly label: string;
  /** People without an answer, for whatever reason. */
  readonly missing: number;
  /** As they may be shown, in the order of the options. */
  readonly counts: readonly ShownCount[];
  readonly answered: ShownCount;
  readonly shares: readonly (number | null)[];
}

/** A table and a chart for every group of closed items. */
export function itemsSection(input: AdministrationReportInput): Section {
  const groups = itemGroupsOf(input.codebook, input.scales).map((group) => {
    const distributions = group.items.map((item) => distributionOf(input, group, item));
    return { group, distributions };
  });
  const open = openItems(input.codebook);
  // In a suppressed report the number of responses is a cell, too, and told only where it is protected.
  const responses = input.suppress
    ? ''
    : ` ${printedCount(input.rows.length)} ${input.rows.length === 1 ? 'response' : 'responses'}.`;
  const rest =
    open === 0
      ? ''
      : ` ${open} ${open === 1 ? 'variable is' : 'variables are'} text or a measurement and not shown here.`;
  return {
    id: 'items',
    title: 'Items',
    text: `Answers as they were given, before reversed items are turned; per cent of those who answered the item.${responses}${rest}`,
    charts: groups.flatMap(({ group, distributions }) => chartsOf(group, distributions)),
    tables: groups.map(({ group, distributions }) => tableOf(input, group, distributions)),
  };
}

function distributionOf(input: AdministrationReportInput, group: ItemGroup, item: Item): Distribution {
  const places = new Map(group.options.map(({ code }, place) => [code, place]));
  const exact = group.options.map(() => 0);
  for (const { values } of input.rows) {
    const place = places.get(values[item.position] ?? Number.NaN);
    if (place !== undefined) exact[place] = (exact[place] ?? 0) + 1;
  }
  const shown = suppressSmallCells(exact, input.suppress ? input.study.minimumCell : 0);
  const answered = exact.reduce((sum, count) => sum + count, 0);
  return {
    item,
    label: item.reversed ? `${item.label} (reversed)` : item.label,
    missing: input.rows.length - answered,
    counts: shown.cells,
    answered: shown.total,
    shares: shown.cells.map((count) => (count === null || !shown.total ? null : count / shown.total)),
  };
}

function tableOf(input: AdministrationReportInput, group: ItemGroup, distributions: readonly Distribution[]): Table {
  // The number without an answer would be one more small cell; whoever may see identified rows has it.
  const missing: Column[] = input.suppress ? [] : [{ id: 'missing', title: 'No answer', kind: 'integer' }];
  const options = group.options.flatMap(({ code, label }): Column[] => [
    { id: `n-${code}`, title: `${label}: n`, kind: 'integer' },
    { id: `share-${code}`, title: `${label}: share`, kind: 'percent', digits: 1 },
  ]);
  const notes: Note[] = suppressionNotes(
    distributions.flatMap(({ counts, answered }) => [...counts, answered]),
    input.study.minimumCell,
  );
  return {
    id: `items-${group.id}`,
    title: group.title,
    columns: [
      { id: 'item', title: 'Item', kind: 'text' },
      { id: 'answered', title: 'Answered', kind: 'integer' },
      ...missing,
      ...options,
    ],
    rows: distributions.map((one): CellValue[] => [
      one.label,
      countCell(one.answered),
      ...missing.map(() => one.missing),
      ...one.counts.flatMap((count, place) => [
        countCell(count),
        figureCell(count === null ? null : one.answered, one.shares[place] ?? null),
      ]),
    ]),
    notes,
  };
}

function chartsOf(group: ItemGroup, distributions: readonly Distribution[]): ChartSpec[] {
  const table = `items-${group.id}`;
  const options = group.options.map(({ label }) => label);
  const drawn = distributions.filter(({ shares }) => shares.some((share) => share !== null));
  const gaps = drawn.some(({ shares }) => shares.includes(null))
    ? ' Options that stand for too few people are left out of the bars.'
    : '';
  const few = options.length <= (group.ordered ? mostDiverging : mostCategories);
  if (!few || options.length < 2) return drawn.map((one, place) => optionsChart(group, one, place, table, gaps));
  return pagesOf(drawn).map(({ rows, ending, span }) => {
    const frame = {
      id: `${table}${ending}`,
      title: `${group.title}${span}`,
      table,
      options,
      // A single item has its words in the title already.
      rows: rows.map(({ label, shares, answered }) => ({
        label: group.items.length > 1 ? label : peopleOf(answered),
        shares,
      })),
    };
    const what = rows.length === 1 ? 'one item' : `${rows.length} items`;
    return group.ordered
      ? divergingChart({
          ...frame,
          summary: `Distribution of the answers to ${what}, from “${options[0]}” on the left to “${options.at(-1)}” on the right of the middle.${gaps}`,
        })
      : stackedChart({ ...frame, summary: `Distribution of the answers to ${what}.${gaps}` });
  });
}

function peopleOf(answered: ShownCount): string {
  return answered === null ? '' : `n = ${printedCount(answered)}`;
}

/** One bar per option, for an item with more options than colours. */
function optionsChart(group: ItemGroup, one: Distribution, place: number, table: string, gaps: string): ChartSpec {
  return rateChart({
    id: place === 0 ? table : `${table}-item-${place + 1}`,
    title: group.items.length === 1 ? group.title : `${group.title}: ${one.label}`,
    summary: `Share of each of ${group.options.length} options among those who answered.${gaps}`,
    table,
    axis: 'Per cent of those who answered',
    rows: group.options.map(({ label }, option) => ({
      label,
      value: one.shares[option] ?? null,
      interval: null,
      n: one.answered ?? 0,
    })),
  });
}
