/** The header of an XLSForm sheet: old and new ways of writing columns, languages, and cells by column. */
import type { Issue } from '../instrument.ts';
import { type Table, UnreadableFile } from './left-out.ts';

const aliases: Readonly<Record<string, string>> = {
  ...{ 'list name': 'list_name', caption: 'label', value: 'name', relevance: 'relevant', skippable: 'required' },
  ...{ 'read only': 'read_only', readonly: 'read_only', requiredmsg: 'required_message', repeat_count: 'repeat_count' },
  ...{ 'form title': 'form_title', 'form id': 'form_id', title: 'form_title', 'default language': 'default_language' },
  ...{ calculate: 'calculation', constraint_msg: 'constraint_message' },
};

/** Tags of languages that forms name in English or in themselves. */
const tags: Readonly<Record<string, string>> = {
  ...{
    english: 'en',
    french: 'fr',
    français: 'fr',
    spanish: 'es',
    español: 'es',
    german: 'de',
    deutsch: 'de',
    chinese: 'zh',
  },
  ...{
    arabic: 'ar',
    urdu: 'ur',
    welsh: 'cy',
    cymraeg: 'cy',
    polish: 'pl',
    polski: 'pl',
    portuguese: 'pt',
    português: 'pt',
  },
  ...{
    romanian: 'ro',
    ukrainian: 'uk',
    russian: 'ru',
    hindi: 'hi',
    swahili: 'sw',
    turkish: 'tr',
    italian: 'it',
    dutch: 'nl',
  },
};

export interface Column {
  /** The header in lower case without its language. */
  readonly name: string;
  /** As the form calls it; null for texts that are of no named language. */
  readonly language: string | null;
}

export interface SheetRow {
  /** Number of the row in the sheet, the header's being 1. */
  readonly line: number;
  cell(name: string): string;
  /** What stands under a column in each language that the form names. */
  texts(name: string): ReadonlyMap<string | null, string>;
  /** Columns that hold something. */
  readonly filled: readonly Column[];
}

function columnOf(header: string): Column {
  const [name = '', ...rest] = header.trim().split(/\s*::?\s*/);
  const plain = name.toLowerCase().replace(/\s+/g, ' ');
  // media::audio::english and body::accuracyThreshold are columns of their own.
  if (rest.length > 0 && /^(media|bind|body|instance|control)$/.test(plain)) {
    return { name: `${plain}::${rest[0]?.toLowerCase() ?? ''}`, language: rest[1] ?? null };
  }
  return { name: aliases[plain] ?? plain, language: rest.length > 0 ? rest.join('::') : null };
}

/** Rows of a sheet by column. Throws where two columns have one name: what they hold cannot be told apart. */
export function sheetRows(table: Table, sheet: string): SheetRow[] {
  const [header = [], ...rows] = table;
  const columns = header.map((text) => (text.trim() === '' ? null : columnOf(text)));
  const issues: Issue[] = [];
  const seen = new Set<string>();
  for (const [at, column] of columns.entries()) {
    if (!column) continue;
    const key = `${column.name}::${column.language ?? ''}`.toLowerCase();
    if (seen.has(key)) {
      const message = `There are two columns "${header[at]?.trim()}" on the sheet ${sheet}; rename or remove one.`;
      issues.push({ code: 'duplicate-column', path: `${sheet}.${header[at]?.trim()}`, message });
    }
    seen.add(key);
  }
  if (issues.length > 0) throw new UnreadableFile(issues);
  return rows.flatMap((cells, index): SheetRow[] => {
    const filled = columns.flatMap((column, at) => (column && (cells[at] ?? '').trim() !== '' ? [{ column, at }] : []));
    if (filled.length === 0) return [];
    const textAt = (at: number) => (cells[at] ?? '').trim();
    return [
      {
        line: index + 2,
        cell(name) {
          const found = filled.find(({ column }) => column.name === name);
          return found ? textAt(found.at) : '';
        },
        texts: (name) =>
          new Map(
            filled.filter(({ column }) => column.name === name).map(({ column, at }) => [column.language, textAt(at)]),
          ),
        filled: filled.map(({ column }) => column),
      },
    ];
  });
}

/** The tag of a language as a form names it: "English (en)", "english", "en"; null where none is known. */
export function tagOf(language: string): string | null {
  const named = language.trim().toLowerCase();
  const [, inside] = /\(([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\)$/.exec(language.trim()) ?? [];
  if (inside) return inside;
  if (/^[a-z]{2,3}(-[a-z0-9]{2,8})?$/.test(named)) return named;
  return tags[named.replace(/\s*\(.*$/, '')] ?? null;
}
