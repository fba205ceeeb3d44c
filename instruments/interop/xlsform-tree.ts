/** The rows of the sheet `survey` as a tree of groups and repeats, each question with the name it will have. */
import type { Issue } from '../instrument.ts';
import type { LegalNames } from './draft.ts';
import { parseFormula } from './formula.ts';
import type { ScopeItem } from './formula-to-surveyjs.ts';
import { type LeftOut, UnreadableFile } from './left-out.ts';
import type { ChoiceList } from './xlsform-choices.ts';
import type { SheetRow } from './xlsform-columns.ts';
import { typeOf, type XlsType } from './xlsform-types.ts';

export interface Leaf {
  readonly kind: 'leaf';
  readonly row: SheetRow;
  readonly type: Exclude<XlsType, { kind: 'open' | 'close' | 'left-out' }>;
  readonly name: string;
  readonly list: ChoiceList | null;
}

export interface Branch {
  readonly kind: 'group' | 'repeat';
  readonly row: SheetRow;
  readonly name: string;
  readonly children: (Leaf | Branch)[];
}

export interface FormTree {
  readonly children: readonly (Leaf | Branch)[];
  /** What a formula may read, by the names of the form. */
  readonly scope: ReadonlyMap<string, ScopeItem>;
}

const formulas = ['relevant', 'constraint', 'calculation', 'choice_filter', 'repeat_count'] as const;

/** Formulas that are none at all: the form cannot be what its author meant. */
function checkFormulas(row: SheetRow, issues: Issue[]): void {
  for (const column of formulas) {
    const text = row.cell(column);
    if (text === '') continue;
    const parsed = parseFormula(text, 'xpath');
    if (!('problem' in parsed)) continue;
    const message = `The ${column} of "${row.cell('name').slice(0, 60)}" (row ${row.line}) is no formula: ${parsed.problem}.`;
    issues.push({ code: 'bad-formula', path: `survey.row ${row.line}.${column}`, message });
  }
}

class Grower {
  readonly root: (Leaf | Branch)[] = [];
  readonly scope = new Map<string, ScopeItem>();
  readonly issues: Issue[] = [];
  readonly #open: Branch[] = [];
  readonly #lists: ReadonlyMap<string, ChoiceList>;
  readonly #names: LegalNames;
  readonly #leftOut: LeftOut[];

  constructor(lists: ReadonlyMap<string, ChoiceList>, names: LegalNames, leftOut: LeftOut[]) {
    this.#lists = lists;
    this.#names = names;
    this.#leftOut = leftOut;
  }

  add(row: SheetRow): void {
    const cell = row.cell('type');
    const said = row.cell('name');
    if (cell === '') return;
    const type = typeOf(cell);
    if (type === null || type.kind === 'left-out') {
      const why = type?.why ?? `The question type "${cell.slice(0, 60)}" is not known.`;
      this.#leftOut.push({ item: said === '' ? null : said.slice(0, 64), what: `type ${cell.slice(0, 60)}`, why });
      return;
    }
    checkFormulas(row, this.issues);
    if (type.kind === 'open') this.open(row, type.what);
    else if (type.kind === 'close') this.close(row, type.what);
    else this.leaf(row, type);
  }

  private get here(): (Leaf | Branch)[] {
    return this.#open.at(-1)?.children ?? this.root;
  }

  private open(row: SheetRow, kind: 'group' | 'repeat'): void {
    const inRepeat = this.#open.some((one) => one.kind === 'repeat');
    const said = row.cell('name') || `${kind}_${row.line}`;
    const name = kind === 'repeat' ? this.#names.take(said, 2) : said;
    if (kind === 'repeat' && inRepeat) {
      const why = 'A repeat inside a repeat is not supported; its questions stand in the outer one, once.';
      this.#leftOut.push({ item: name, what: 'repeat', why });
    }
    const branch: Branch = { kind: kind === 'repeat' && inRepeat ? 'group' : kind, row, name, children: [] };
    this.here.push(branch);
    this.#open.push(branch);
  }

  private close(row: SheetRow, what: string): void {
    const branch = this.#open.pop();
    if (branch && (branch.kind === what || (branch.kind === 'group' && what === 'repeat'))) return;
    const message = branch
      ? `Row ${row.line} ends a ${what}, but the ${branch.kind} "${branch.name}" is open.`
      : `Row ${row.line} ends a ${what} that was not begun.`;
    this.issues.push({ code: 'unbalanced-group', path: `survey.row ${row.line}`, message });
  }

  private leaf(row: SheetRow, type: Leaf['type']): void {
    const listed = type.kind === 'select' || type.kind === 'rank';
    const list = listed ? (this.#lists.get(type.list) ?? null) : null;
    const said = row.cell('name');
    if (said === '' && type.kind !== 'note') {
      const message = `Row ${row.line} has a type and no name.`;
      this.issues.push({ code: 'no-name', path: `survey.row ${row.line}.name`, message });
      return;
    }
    if (listed && list === null) {
      const message = `"${said.slice(0, 60)}" (row ${row.line}) takes choices from the list ${type.list}, which the sheet choices does not have.`;
      this.issues.push({ code: 'unknown-list', path: `survey.row ${row.line}.type`, message });
      return;
    }
    const several = (type.kind === 'select' && type.several) || type.kind === 'rank';
    const longest = Math.max(0, ...[...(list?.codes.values() ?? [])].map((code) => `${code}`.length));
    const name = this.#names.take(said || `note_${row.line}`, several ? longest + 2 : 0);
    this.here.push({ kind: 'leaf', row, type, name, list });
    if (type.kind === 'note' || type.kind === 'rank') return;
    const table = this.#open.find((one) => one.kind === 'repeat')?.name ?? null;
    const kind = scopeKind(type);
    const yes = new Map([...['OK', 'ok', 'yes', 'true', '1'].map((one) => [one, 1] as const), ['0', 0] as const]);
    const other = type.kind === 'select' && type.other ? [['other', otherCode(list)] as const] : [];
    const codes = kind === 'boolean' ? yes : new Map([...(list?.codes ?? []), ...other]);
    this.scope.set(said, { name, kind, codes, table });
  }

  end(): void {
    for (const branch of this.#open) {
      const message = `The ${branch.kind} "${branch.name}" (row ${branch.row.line}) is not ended.`;
      this.issues.push({ code: 'unbalanced-group', path: `survey.row ${branch.row.line}`, message });
    }
    if (this.issues.length > 0) throw new UnreadableFile(this.issues);
  }
}

function scopeKind(type: Leaf['type']): ScopeItem['kind'] {
  if (type.kind === 'select') return type.several ? 'codes' : 'code';
  if (type.kind === 'question') return type.value;
  return 'number';
}

/** The code of "another one" behind those of a list. */
export function otherCode(list: ChoiceList | null): number {
  return Math.max(0, ...(list?.codes.values() ?? [])) + 1;
}

/** Throws `UnreadableFile` for groups that do not end, formulas that are none and lists that are not there. */
export function treeOf(
  rows: readonly SheetRow[],
  lists: ReadonlyMap<string, ChoiceList>,
  names: LegalNames,
  leftOut: LeftOut[],
): FormTree {
  const grower = new Grower(lists, names, leftOut);
  for (const row of rows) grower.add(row);
  grower.end();
  return { children: grower.root, scope: grower.scope };
}
