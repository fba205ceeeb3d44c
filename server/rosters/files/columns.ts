/**
 * The columns of roster files, for reading them and for the templates: which there are for clusters, schools and people,
 * what each may hold, and how a cell becomes a value. Called by read-row.ts, roster-file.ts and templates.ts.
 */
import { roles, roleTitles } from '../../../instruments/study.ts';
import type { MemberKind } from '../models.ts';

/** A cell as a value, or what is wrong with it. */
export type Parsed = { readonly value: unknown } | { readonly code: string; readonly message: string };

export interface RosterColumn {
  readonly name: string;
  /** Other spellings of the header that are taken for it. */
  readonly also: readonly string[];
  readonly needed: boolean;
  /** For the template: what to write there. */
  readonly hint: string;
  readonly example: readonly string[];
  parse(cell: string): Parsed;
}

const refuse = (code: string, message: string): Parsed => ({ code, message });

function textOf(longest: number): RosterColumn['parse'] {
  return (cell) =>
    cell.length > longest ? refuse('too-long', `At most ${longest} characters can be kept.`) : { value: cell };
}

const idOf: RosterColumn['parse'] = (cell) =>
  /^[\p{L}\p{N}](?:[\p{L}\p{N} ._/-]{0,58}[\p{L}\p{N}._-])?$/u.test(cell)
    ? { value: cell }
    : refuse('bad-id', 'An id has 1 to 60 letters, digits, hyphens, dots or underscores, like elm-1.');

const dayOf: RosterColumn['parse'] = (cell) => {
  const [, one = '', other = '', year = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(cell) ?? [];
  // A spreadsheet writes 5 December as 05/12/2026 in one country and as 12/05/2026 in another.
  if (year !== '' && Number(one) <= 12 && Number(other) <= 12 && Number(one) !== Number(other)) {
    const iso = `${year}-${other.padStart(2, '0')}-${one.padStart(2, '0')}`;
    return refuse('ambiguous-date', `Day and month cannot be told apart here. Write year, month and day, like ${iso}.`);
  }
  const day = year === '' ? cell : `${year}-${other.padStart(2, '0')}-${one.padStart(2, '0')}`;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : null;
  const sound = date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  return sound ? { value: day } : refuse('bad-date', 'Write the day as year, month and day: 2026-09-01.');
};

const pupilsOf: RosterColumn['parse'] = (cell) =>
  /^\d{1,6}$/.test(cell) ? { value: Number(cell) } : refuse('bad-number', 'Write a whole number without separators.');

const shareOf: RosterColumn['parse'] = (cell) => {
  const percent = /^(\d{1,3}(?:[.,]\d+)?)\s*%$/.exec(cell)?.[1];
  const text = (percent ?? cell).replace(',', '.');
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  // In decimal, so that 23.4 % is 0.234 and not the float beside it.
  const share = percent === undefined ? number : Number((number / 100).toPrecision(12));
  return share >= 0 && share <= 1
    ? { value: share }
    : refuse('bad-share', 'Write a share between 0 and 1, like 0.23, or a percentage with its sign, like 23%.');
};

const roleOf: RosterColumn['parse'] = (cell) => {
  const letters = (text: string) => text.toLowerCase().replaceAll(/[\s_-]+/g, '');
  const found = roles.find((role) => [role, roleTitles[role]].some((name) => letters(name) === letters(cell)));
  return found
    ? { value: found }
    : refuse('unknown-role', `There is no role "${cell.slice(0, 60)}". The roles are: ${roles.join(', ')}.`);
};

const emailOf: RosterColumn['parse'] = (cell) =>
  cell.length <= 254 && /^[^\s@<>,;"]+@[^\s@<>,;".]+(?:\.[^\s@<>,;".]+)+$/.test(cell)
    ? { value: cell }
    : refuse('bad-email', 'This is no e-mail address. Write one address, like name@example.org.');

const languageOf: RosterColumn['parse'] = (cell) =>
  /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(cell)
    ? { value: cell }
    : refuse('bad-language', 'Write the tag of a language, like en or cy.');

function column(
  name: string,
  parse: RosterColumn['parse'],
  hint: string,
  example: readonly string[],
  more: { also?: readonly string[]; needed?: boolean } = {},
): RosterColumn {
  return { name, parse, hint, example, also: more.also ?? [], needed: more.needed ?? false };
}

const fromTo = [
  column('from', dayOf, 'First day, where it is not there from the beginning, or of a move', ['', '']),
  column('to', dayOf, 'Last day, for whoever has left', ['', '']),
];

export const rosterColumns: Readonly<Record<MemberKind, readonly RosterColumn[]>> = {
  clusters: [
    column('id', idOf, 'Short name, unique in the study', ['elm', 'oak'], { needed: true }),
    column('name', textOf(200), 'Name', ['Elm cluster', 'Oak cluster'], { needed: true }),
    column('arm', textOf(100), 'Arm of the study: its id or title', ['', ''], { needed: true }),
    ...fromTo,
  ],
  schools: [
    column('id', idOf, 'Short name, unique in the study; the national number where it is empty', ['elm-1', 'ash-1']),
    column('name', textOf(200), 'Name', ['Elm Primary School', 'Ash Primary School'], { needed: true }),
    column('number', textOf(40), 'National number, as a text', ['012345', '012346'], {
      also: ['national-number', 'urn', 'seed-code'],
    }),
    column('arm', textOf(100), 'Arm: its id or title; that of the cluster where it is empty', ['', '']),
    column('cluster', textOf(200), 'Cluster: its id or name; empty for a school outside any', ['elm', '']),
    column('phase', textOf(60), 'Phase', ['primary', 'primary']),
    column('pupils', pupilsOf, 'Number of pupils', ['210', '180']),
    column('disadvantaged', shareOf, 'Share of disadvantaged pupils: 0.23 or 23%', ['0.23', '0.19'], {
      also: ['share-disadvantaged', 'disadvantaged-share', 'disadvantaged-pupils'],
    }),
    ...fromTo,
  ],
  people: [
    column('id', idOf, 'Pseudonym, unique in the study; made from the e-mail address where it is empty', ['', 'p0002']),
    column('school', textOf(200), 'School: its id, national number or name', ['elm-1', 'elm-1']),
    column('cluster', textOf(200), 'Cluster, for people without a school', ['', '']),
    column('role', roleOf, `Role: ${roles.join(', ')}`, ['teacher', 'headteacher'], { needed: true }),
    column('name', textOf(200), 'Name; kept encrypted, apart from the answers', ['', '']),
    column('email', emailOf, 'E-mail address; kept encrypted', ['teacher@elm.example', ''], { also: ['e-mail'] }),
    column('language', languageOf, 'Language of messages, like en', ['en', 'en']),
    ...fromTo,
  ],
};

/**
 * A header as it is compared: lower case, words joined by hyphens.
 *
 * @example
 * headerKey(' National  Number ') // => 'national-number'
 */
export function headerKey(header: string): string {
  return header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '-');
}

/** The column that a header names; undefined for any other. */
export function columnNamed(kind: MemberKind, header: string): RosterColumn | undefined {
  const key = headerKey(header);
  return rosterColumns[kind].find(({ name, also }) => name === key || also.includes(key));
}

/** What a table without a name holds, told by its columns. */
export function kindOfHeader(header: readonly string[]): MemberKind {
  const keys = new Set(header.map(headerKey));
  if (keys.has('role')) return 'people';
  const ofSchools = rosterColumns.schools.flatMap(({ name, also }) => [name, ...also]);
  const ofClusters = new Set(rosterColumns.clusters.map(({ name }) => name));
  return ofSchools.some((name) => !ofClusters.has(name) && keys.has(name)) ? 'schools' : 'clusters';
}
