/** `fidelis rates`: response rates of an administration on the command line, as the fieldwork page shows them. */
import { Command, Option } from 'commander';
import { z } from 'zod';
import { outcomeRateIds, outcomeRateTitles } from '../../analysis/outcomes.ts';
import type { Estimate } from '../../analysis/result.ts';
import { getAdministration } from '../administrations/store.ts';
import { type DayRow, dayTitles } from '../rates/days.ts';
import { countTitles, type RateRow } from '../rates/rows.ts';
import { loadRates, type Rates, type RatesBy, ratesBy } from '../rates/tables.ts';
import { act, WrongUsage, withContext } from './run.ts';
import { textColumns } from './text-columns.ts';

interface Options {
  readonly study: string;
  readonly administration: string;
  readonly by: RatesBy;
  readonly asAt?: string;
}

export function ratesCommand(): Command {
  const command = new Command('rates')
    .description('response rates of an administration, with every outcome and Wilson intervals')
    .requiredOption('--study <study>', 'id of the study')
    .requiredOption('--administration <administration>', 'id of the administration')
    .addOption(new Option('--by <what>', 'rows of the table').choices([...ratesBy]).default('cluster'))
    .option('--as-at <day>', 'count people where they stood on this day, like 2026-11-02');
  return act<Options>(command, async ({ study, administration: id, by, asAt = null }) => {
    if (asAt !== null && !z.iso.date().safeParse(asAt).success) {
      throw new WrongUsage('--as-at wants a day of the calendar, like 2026-11-02');
    }
    return withContext(async ({ db, clock }) => {
      const administration = await getAdministration(db, study, id);
      const rates = await loadRates(db, administration, clock(), { by, asAt, scope: 'all', suppress: false });
      return { json: { study, administration: id, ...rates }, lines: linesOf(administration.title, rates) };
    });
  });
}

/** A table for people: one line for each row, the total last. */
function linesOf(title: string, { by, asAt, staffOn, total, rows, days }: Rates): string[] {
  if (by === 'day') return [title, '', ...textColumns([Object.values(dayTitles), ...days.map(dayCells)])];
  const heads = [by, ...Object.values(countTitles), 'RR1', '95% interval'];
  return [
    asAt === null ? `${title}, as invited; shared links with the staff of ${staffOn}` : `${title}, as at ${asAt}`,
    '',
    ...textColumns([heads, ...[...rows, total].map(rowCells)]),
    '',
    ...outcomeRateIds.map((id) => `${outcomeRateTitles[id]}: ${percent(total.rates[id])}${interval(total.rates[id])}`),
  ];
}

function rowCells(row: RateRow): string[] {
  const counts = (Object.keys(countTitles) as (keyof typeof countTitles)[]).map((key) => String(row[key] ?? '–'));
  return [row.title, ...counts, percent(row.rates.rr1), interval(row.rates.rr1).replace(/^, 95% interval /, '')];
}

function dayCells(row: DayRow): string[] {
  return (Object.keys(dayTitles) as (keyof typeof dayTitles)[]).map((key) => String(row[key] ?? '–'));
}

function percent({ value }: Estimate): string {
  return value === null ? '–' : `${(value * 100).toFixed(1)}%`;
}

function interval({ interval: bounds }: Estimate): string {
  if (!bounds) return '';
  return `, 95% interval ${(bounds.lower * 100).toFixed(1)}% to ${(bounds.upper * 100).toFixed(1)}%`;
}
