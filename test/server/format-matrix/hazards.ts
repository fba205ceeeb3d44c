/**
 * Tables that are known to break files of data: one for each hazard, as every format takes them. Called by `files.ts` and
 * the matrix.
 */
import type { MissingReason } from '../../../instruments/missing.ts';
import { missingReasons } from '../../../instruments/missing.ts';
import { type FileRow, type FileVariable, newCells, putCoded, withGap } from '../../../server/datasets/file-columns.ts';
import { type FileTable, newMeasures } from '../../../server/datasets/file-table.ts';

/** A cell: a value, the reason why there is none, or null where nothing applies. */
type HazardCell = string | number | null | { readonly reason: MissingReason };

interface HazardColumn extends Partial<FileVariable> {
  readonly name: string;
  readonly kind: FileVariable['kind'];
  readonly cells: readonly HazardCell[];
}

export interface Hazard {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly HazardColumn[];
}

const gap = (reason: MissingReason) => ({ reason });
const words = 'plain words';
const rightToLeft = 'مدرسة \u200Fשותפות\u200E (٣٫٥)';
const familyAndMarks = '👩‍👩‍👧‍👦 e\u0301 a\u0308\u0323 ＝１ 🇬🇧 \u{1D54F}';
const hostile = ['a "quoted" word', 'two\nlines', '=1+1', "'=1+1", '+44 1632', '-5', '@sum', 'a, b; c\td', '<b>&amp;'];
const days = ['1582-10-15', '1752-09-14', '1899-12-31', '1900-01-01', '1900-02-28', '1900-03-01', '9999-12-31'];
/** The hours that there are not, and twice, where the clocks go forward and back. */
const moments = [
  '1850-06-01T12:00',
  '1899-12-31T23:59',
  '2026-03-29T00:59',
  '2026-03-29T01:30',
  '2026-10-25T01:30',
  '2026-10-25T02:00',
  '1970-01-01T00:00',
];
const hours = ['00:00', '00:01', '01:30', '12:00', '12:30', '23:00', '23:59'];
const edges = [100, 101, -127, -128, 32_740, 32_741, -32_767, -32_768, 2_147_483_620, 2_147_483_621, -2_147_483_648];
const large = [2 ** 31, 2 ** 32, -(2 ** 40), Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER];

export const hazards: readonly Hazard[] = [
  {
    id: 'names',
    title: 'names up to the limits',
    columns: [
      { name: 'a', kind: 'integer', gaps: true, cells: [1, gap('skipped')] },
      { name: 'n'.repeat(32), kind: 'integer', gaps: true, cells: [2, gap('declined')] },
      { name: `${'n'.repeat(31)}m`, kind: 'number', gaps: true, cells: [3.5, gap('hidden')] },
      { name: 't'.repeat(32), kind: 'text', gaps: true, cells: [words, gap('skipped')] },
      { name: `${'t'.repeat(30)}_2`, kind: 'text', gaps: true, cells: ['other', gap('not-reached')] },
      { name: `${'t'.repeat(28)}_gap`, kind: 'date', gaps: true, cells: ['2026-01-31', gap('declined')] },
    ],
  },
  {
    id: 'long-texts',
    title: 'texts of 32,000 characters',
    columns: [
      { name: 'plain', kind: 'text', cells: ['x'.repeat(32_000), 'short', ''] },
      { name: 'after_plain', kind: 'integer', cells: [1, -1, 7] },
      { name: 'accents', kind: 'text', cells: ['short', 'é'.repeat(32_000), 'ß'] },
      { name: 'emoji', kind: 'text', cells: [`a${'😀'.repeat(31_999)}`, 'short', '😀'] },
      {
        name: 'marks',
        kind: 'text',
        gaps: true,
        cells: [gap('skipped'), `a${'e\u0301\u0323'.repeat(11_000)}`, 'e\u0301'],
      },
      { name: 'lines', kind: 'text', cells: ['line\n'.repeat(400), 'one', 'two\r\nlines'] },
      { name: 'after_all', kind: 'integer', cells: [2, -2, 8] },
    ],
  },
  {
    id: 'emoji',
    title: familyAndMarks,
    columns: [
      { name: 'texts', kind: 'text', label: familyAndMarks, cells: [familyAndMarks, '🦄', 'ﬁ'] },
      {
        name: 'coded',
        kind: 'integer',
        gaps: true,
        label: '🎓'.repeat(90),
        values: [1, 2, 3].map((code) => ({ code, label: `${familyAndMarks} ${code}` })),
        cells: [1, 3, gap('declined')],
      },
    ],
  },
  {
    id: 'right-to-left',
    title: rightToLeft,
    columns: [
      { name: 'texts', kind: 'text', label: rightToLeft, cells: [rightToLeft, '\u202Bمدرسة\u202C', 'שלום, "עולם"'] },
      {
        name: 'coded',
        kind: 'integer',
        label: `${rightToLeft}؟`,
        measurement: 'ordinal',
        values: [
          { code: 1, label: 'نعم' },
          { code: 2, label: 'לא' },
        ],
        gaps: true,
        cells: [1, 2, gap('not-asked')],
      },
    ],
  },
  {
    id: 'days',
    title: 'days before 1900, clocks that change',
    columns: [
      { name: 'on_day', kind: 'date', cells: days },
      { name: 'at', kind: 'datetime', gaps: true, cells: moments },
      { name: 'time', kind: 'time', cells: hours },
      { name: 'gone', kind: 'date', gaps: true, cells: days.map((day, at) => (at % 2 === 0 ? day : gap('skipped'))) },
    ],
  },
  {
    id: 'integers',
    title: 'integers at the edges of what is stored',
    columns: [
      ...edges.map((edge, at): HazardColumn => ({ name: `edge_${at}`, kind: 'integer', cells: [edge, 0] })),
      ...large.map((one, at): HazardColumn => ({ name: `large_${at}`, kind: 'integer', gaps: true, cells: [one, 0] })),
      { name: 'fine', kind: 'number', cells: [0.1 + 0.2, -1e-300] },
      { name: 'wide', kind: 'number', cells: [1e300, 1 / 3] },
    ],
  },
  {
    id: 'empty',
    title: 'variables without a value',
    columns: [
      ...(['integer', 'number', 'text', 'date', 'datetime', 'time'] as const).flatMap((kind): HazardColumn[] => [
        { name: `none_${kind}`, kind, cells: missingReasons.map(() => null) },
        { name: `gone_${kind}`, kind, gaps: true, cells: missingReasons.map(gap) },
      ]),
    ],
  },
  ...([0, 1] as const).map(
    (count): Hazard => ({
      id: count === 0 ? 'no-row' : 'one-row',
      title: `${count} rows`,
      columns: [
        {
          name: 'number',
          kind: 'integer',
          gaps: true,
          values: [{ code: 1, label: 'One' }],
          cells: [1].slice(1 - count),
        },
        { name: 'share', kind: 'number', cells: [0.5].slice(1 - count) },
        { name: 'text', kind: 'text', gaps: true, cells: [words].slice(1 - count) },
        { name: 'day', kind: 'date', gaps: true, cells: ['2026-03-29'].slice(1 - count) },
      ],
    }),
  ),
  {
    id: 'labels',
    title: '=HYPERLINK("a") "quoted"\nin two lines',
    columns: [
      { name: 'texts', kind: 'text', label: '=1+1', cells: hostile },
      {
        name: 'coded',
        kind: 'integer',
        gaps: true,
        label: 'A "quoted"\nlabel, with <tags> & \'more\' \\ and ]]>',
        values: hostile.map((label, at) => ({ code: at + 1, label })),
        cells: hostile.map((_, at) => at + 1),
      },
      {
        name: 'partly',
        kind: 'integer',
        label: '@SUM(1)',
        measurement: 'ordinal',
        values: [
          { code: 0, label: '-never' },
          { code: 10, label: '+always' },
        ],
        cells: hostile.map((_, at) => at + 2),
      },
    ],
  },
  {
    id: 'collisions',
    title: 'values that look like missing ones',
    columns: [
      { name: 'texts', kind: 'text', gaps: true, cells: ['-993', 'NA', '.', '', ' ', '[skipped]', gap('skipped')] },
      { name: 'sums', kind: 'number', cells: [-993, -991, -997, -999, 0, 99, null] },
      { name: 'counts', kind: 'integer', cells: [-993, -991, -997, -999, 0, 99, null] },
      {
        name: 'coded',
        kind: 'integer',
        gaps: true,
        values: [
          { code: 99, label: 'Do not know' },
          { code: -1, label: 'Refused' },
          { code: -989, label: 'Just outside' },
        ],
        cells: [99, -1, -989, -1000, gap('declined'), gap('withdrawn'), null],
      },
      { name: 'scores', kind: 'number', gaps: true, cells: [-989.5, -1000.5, 0, gap('hidden'), 1, 2, null] },
      { name: 'gone', kind: 'date', gaps: true, cells: ['1970-01-01', gap('declined'), null, null, null, null, null] },
    ],
  },
];

/** The table, measured as those of studies are, with the columns that tell gaps of texts, days and times. */
export function tableOf({ title, columns }: Hazard): FileTable {
  const taken = new Set(columns.map(({ name }) => name));
  const asked = columns.map(
    ({ cells: _, ...column }): FileVariable => ({
      label: `About ${column.name}`,
      measurement: column.kind === 'integer' || column.kind === 'number' ? 'scale' : 'nominal',
      values: [],
      gaps: false,
      ...column,
    }),
  );
  const variables = asked.flatMap((variable) => (variable.gaps ? withGap(variable, taken) : [variable]));
  const rows = (columns[0]?.cells ?? []).map((_, line): FileRow => {
    const cells = newCells(variables.length);
    for (const [at, { cells: column }] of columns.entries()) {
      const variable = asked[at];
      const cell = column[line] ?? null;
      const [value, reason] = typeof cell === 'object' && cell !== null ? [null, cell.reason] : [cell, null];
      if (variable?.gaps) putCoded(cells, [variable], { values: [value], reasons: [reason] });
      else cells.put(value, reason);
    }
    return cells.row;
  });
  const measures = newMeasures(variables);
  for (const row of rows) measures.add(row);
  return {
    name: 'data',
    title,
    at: new Date('2026-03-29T12:00:00Z'),
    variables,
    ...measures.found(),
    async *read() {
      if (rows.length > 0) yield [...rows];
    },
  };
}
