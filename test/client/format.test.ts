/** Figures and dates of the workbench in British English. */
import { describe, expect, test } from 'vitest';
import { fileName } from '../../client/shared/download.ts';
import {
  counted,
  dayIn,
  formatCell,
  formatDay,
  formatDays,
  formatInstant,
  formatNumber,
  formatPercent,
  noFigure,
  spanState,
} from '../../client/shared/format.ts';

describe('numbers', () => {
  test('are grouped by thousands and keep the digits asked for', () => {
    expect(formatNumber(1234567)).toBe('1,234,567');
    expect(formatNumber(3, 2)).toBe('3.00');
  });

  test('have a real minus sign, but never a negative zero', () => {
    expect(formatNumber(-0.25, 2)).toBe('\u22120.25');
    expect(formatNumber(-0.001, 2)).toBe('0.00');
    expect(formatPercent(-0.0001, 1)).toBe('0.0%');
  });

  test('that are not there are a dash', () => {
    expect(formatNumber(null)).toBe(noFigure);
    expect(formatPercent(Number.NaN)).toBe(noFigure);
  });

  test('become per cent as a share of one', () => {
    expect(formatPercent(0.725, 1)).toBe('72.5%');
    expect(formatPercent(1)).toBe('100%');
  });

  test('come with their noun', () => {
    expect(counted(1, 'school')).toBe('1 school');
    expect(counted(0, 'person', 'people')).toBe('0 people');
  });
});

describe('cells', () => {
  test('are written as their column says', () => {
    expect(formatCell(0.5, { id: 'p', title: 'P', kind: 'percent' })).toBe('50.0%');
    expect(formatCell(2, { id: 'm', title: 'M', kind: 'number', digits: 3 })).toBe('2.000');
    expect(formatCell(1200, { id: 'n', title: 'N', kind: 'integer' })).toBe('1,200');
    expect(formatCell('suppressed', { id: 'n', title: 'N', kind: 'integer' })).toBe('suppressed');
    expect(formatCell(null, { id: 'n', title: 'N', kind: 'integer' })).toBe(noFigure);
  });
});

describe('days', () => {
  test('are the same wherever they are read', () => {
    expect(formatDay('2026-09-01')).toBe('1 September 2026');
    expect(formatDay('2026-09-01', 'short')).toMatch(/^1 Sept? 2026$/);
  });

  test('in a span say month and year once', () => {
    expect(formatDays('2026-09-01', '2026-09-30')).toMatch(/^1\s?–\s?30 September 2026$/u);
    expect(formatDays('2026-09-01', '2027-01-15')).toMatch(/^1 September 2026\s–\s15 January 2027$/u);
  });

  test('that nobody can read stay as they are', () => {
    expect(formatDay('soon')).toBe('soon');
    expect(formatDays('soon', 'later')).toBe('soon to later');
    expect(formatInstant('soon')).toBe('soon');
  });

  test('begin at midnight in the time zone of the study', () => {
    const late = new Date('2026-06-30T23:30:00Z');
    expect(dayIn('Europe/London', late)).toBe('2026-07-01');
    expect(dayIn('UTC', late)).toBe('2026-06-30');
    expect(formatInstant('2026-06-30T23:30:00Z', 'Europe/London')).toMatch(/^1 July 2026(,| at) 00:30$/);
  });

  test('include the first and the last of a span', () => {
    expect(spanState('2026-09-01', '2026-09-30', '2026-08-31')).toBe('future');
    expect(spanState('2026-09-01', '2026-09-30', '2026-09-01')).toBe('current');
    expect(spanState('2026-09-01', '2026-09-30', '2026-09-30')).toBe('current');
    expect(spanState('2026-09-01', '2026-09-30', '2026-10-01')).toBe('past');
  });
});

describe('file names', () => {
  test('hold only what every system takes', () => {
    expect(fileName(['demo', 'Écoles – fin', 'a/b'], 'csv')).toBe('demo-ecoles-fin-a-b.csv');
    expect(fileName(['–'], 'png')).toBe('file.png');
  });
});
