/** Figures and cells of tables as people read them, on screen and on paper alike: British English, a real minus sign. */
import type { CellValue, Column } from './result.ts';

/** Stands where there is no figure. */
export const noFigure = '–';

const minus = '\u2212';

/**
 * A number with a fixed count of digits after the point, and a real minus sign.
 *
 * @example
 * formatNumber(-1234.5, 2) // => '\u22121,234.50'
 */
export function formatNumber(value: number | null, digits = 0): string {
  if (value === null || !Number.isFinite(value)) return noFigure;
  const text = new Intl.NumberFormat('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
  return signed(text);
}

/**
 * A share (0 to 1) in per cent.
 *
 * @example
 * formatPercent(0.725, 1) // => '72.5%'
 */
export function formatPercent(share: number | null, digits = 0): string {
  if (share === null || !Number.isFinite(share)) return noFigure;
  return signed(`${new Intl.NumberFormat('en-GB', digitsOf(digits)).format(share * 100)}%`);
}

const digitsOf = (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Rounded to zero is zero: "-0.0" says nothing. */
function signed(text: string): string {
  return /[1-9]/.test(text) ? text.replace('-', minus) : text.replace('-', '');
}

/** A cell of a table as its column says; texts pass as they are. */
export function formatCell(value: CellValue, column: Column): string {
  if (value === null) return noFigure;
  if (typeof value === 'string') return value;
  if (column.kind === 'percent') return formatPercent(value, column.digits ?? 1);
  if (column.kind === 'integer') return formatNumber(value, 0);
  return formatNumber(value, column.digits ?? 2);
}
