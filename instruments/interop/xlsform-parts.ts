/**
 * The cells of one row of an XLSForm as parts of a question: its words, when it is asked, whether it must be answered, what is
 * accepted and which choices are offered. Called by `xlsform-questions.ts`.
 */
import { regexProblem } from '../regex.ts';
import type { LegalNames } from './draft.ts';
import { type FormulaNode, parseFormula } from './formula.ts';
import { type Scope, type ScopeItem, toSurveyjs } from './formula-to-surveyjs.ts';
import type { LeftOut } from './left-out.ts';
import type { FilterOf } from './xlsform-choices.ts';
import type { SheetRow } from './xlsform-columns.ts';
import type { FormLanguages } from './xlsform-languages.ts';
import { countsOf, endsOf, wholeOf } from './xlsform-limits.ts';
import type { FormTree, Leaf } from './xlsform-tree.ts';

export type Json = Record<string, unknown>;

export interface Tools {
  readonly languages: FormLanguages;
  readonly names: LegalNames;
  readonly leftOut: LeftOut[];
}

/** Columns that are read; every other filled one is told of. */
const read: ReadonlySet<string> = new Set([
  ...['type', 'name', 'label', 'hint', 'relevant', 'required', 'required_message', 'constraint', 'constraint_message'],
  ...['calculation', 'choice_filter', 'repeat_count', 'list_name', 'missing_reason'],
]);
const shapes: ReadonlySet<string> = new Set([
  '',
  'minimal',
  'multiline',
  'table-list',
  'field-list',
  'likert',
  'label',
  'list-nolabel',
]);

export class PartReader {
  protected readonly tree: FormTree;
  protected readonly tools: Tools;

  constructor(tree: FormTree, tools: Tools) {
    this.tree = tree;
    this.tools = tools;
  }

  tell(item: string | null, what: string, why: string): void {
    this.tools.leftOut.push({ item, what, why });
  }

  scope(self: ScopeItem | null, table: string | null): Scope {
    return { find: (name) => this.tree.scope.get(name), self, table };
  }

  formula(row: SheetRow, column: string, item: string, scope: Scope): string | null {
    const text = row.cell(column);
    const parsed = text === '' ? null : parseFormula(text, 'xpath');
    if (!parsed || 'problem' in parsed) return null;
    return this.translate(parsed.node, column, text, item, scope);
  }

  translate(node: FormulaNode, column: string, text: string, item: string, scope: Scope): string | null {
    const found = toSurveyjs(node, scope);
    if ('text' in found) return found.text;
    this.tell(item, column, `"${text.slice(0, 200)}" was not carried over: ${found.problem}.`);
    return null;
  }

  /** Texts with insertions of answers as SurveyJS writes them. */
  piped(item: string): (text: string) => string {
    return (text) =>
      text.replaceAll(/\$\{\s*([^{}]{1,100}?)\s*\}/g, (_, name: string) => {
        const found = this.tree.scope.get(name);
        if (found) return `{${found.name}}`;
        this.tell(item, 'label', `It inserts ${name}, which was left out.`);
        return '…';
      });
  }

  texts(row: SheetRow, item: string, table: string | null): Json {
    const { languages } = this.tools;
    const json: Json = {};
    const title = languages.text(row.texts('label'), this.piped(item));
    const hint = languages.text(row.texts('hint'), this.piped(item));
    if (title !== undefined) json.title = title;
    if (hint !== undefined) json.description = hint;
    const visibleIf = this.formula(row, 'relevant', item, this.scope(null, table));
    if (visibleIf !== null) json.visibleIf = visibleIf;
    return json;
  }

  /** Columns that have no counterpart. */
  rest(row: SheetRow, item: string): void {
    const names = new Set(row.filled.map(({ name }) => name).filter((name) => !read.has(name)));
    for (const name of names) {
      if (name === 'appearance' && shapes.has(row.cell(name))) continue;
      const shown = row.cell(name).slice(0, 80);
      const why =
        name === 'default'
          ? `The answer "${shown}" was set beforehand; answers come from respondents alone.`
          : `"${shown}" has no counterpart.`;
      this.tell(item, `column ${name}`, why);
    }
  }

  demands(row: SheetRow, item: string, table: string | null): Json {
    const text = row.cell('required');
    if (text === '' || /^(no|false|false\(\))$/i.test(text)) return {};
    const message = this.tools.languages.text(row.texts('required_message'), this.piped(item));
    const words = message === undefined ? {} : { requiredErrorText: message };
    if (/^(yes|true|true\(\))$/i.test(text)) return { isRequired: true, ...words };
    const parsed = parseFormula(text, 'xpath');
    if ('problem' in parsed) {
      this.tell(item, 'required', `"${text.slice(0, 80)}" is neither yes nor no nor a condition.`);
      return {};
    }
    const condition = this.translate(parsed.node, 'required', text, item, this.scope(null, table));
    return condition === null ? {} : { requiredIf: condition, ...words };
  }

  /** A constraint as limits of a number where it is such, else as a validator. */
  limits(leaf: Leaf, self: ScopeItem | null, table: string | null): Json {
    const { row, name } = leaf;
    const text = row.cell('constraint');
    const parsed = text === '' ? null : parseFormula(text, 'xpath');
    if (!parsed || 'problem' in parsed) return {};
    const message = this.tools.languages.text(row.texts('constraint_message'), this.piped(name));
    const words = message === undefined ? {} : { text: message };
    const ofChoices =
      self?.kind === 'codes' || leaf.type.kind === 'rank' ? endsOf(parsed.node, 'count-selected') : null;
    if (ofChoices) return countsOf(ofChoices);
    const ofLetters = self?.kind === 'text' ? endsOf(parsed.node, 'string-length') : null;
    if (ofLetters?.max !== undefined && ofLetters.min === undefined) return { maxLength: ofLetters.max };
    if (self?.kind === 'number') {
      const ends = endsOf(parsed.node, null);
      if (ends) {
        return Object.keys(words).length === 0
          ? { ...ends }
          : {
              ...ends,
              ...(ends.min === undefined ? {} : { minErrorText: message }),
              ...(ends.max === undefined ? {} : { maxErrorText: message }),
            };
      }
    }
    const { node } = parsed;
    if (node.kind === 'call' && node.name === 'regex' && node.parameters[0]?.kind === 'self') {
      const pattern = node.parameters[1];
      const whole = pattern?.kind === 'text' ? wholeOf(pattern.value) : null;
      if (whole !== null && regexProblem(whole) === null) {
        return { validators: [{ type: 'regex', regex: whole, ...words }] };
      }
      this.tell(name, 'constraint', 'Its regular expression is not one that is safe to run on any text.');
      return {};
    }
    const condition = this.translate(node, 'constraint', text, name, this.scope(self, table));
    return condition === null ? {} : { validators: [{ type: 'expression', expression: condition, ...words }] };
  }

  filterOf(leaf: Leaf, table: string | null): FilterOf {
    const text = leaf.row.cell('choice_filter');
    const parsed = text === '' ? null : parseFormula(text, 'xpath');
    if (!parsed || 'problem' in parsed) return () => null;
    const { node } = parsed;
    const sides = node.kind === 'operation' && node.operator === '=' ? node.operands : [];
    const column = sides.find((side) => side.kind === 'path');
    const item = sides.find((side) => side.kind === 'item');
    if (column?.kind !== 'path' || !item) {
      this.tell(
        leaf.name,
        'choice_filter',
        `"${text.slice(0, 120)}" compares no answer with a column of the choices; all choices are offered.`,
      );
      return () => null;
    }
    let failed = false;
    return (choice) => {
      const value = choice.row.cell(column.text);
      const equal: FormulaNode = { kind: 'operation', operator: '=', operands: [item, { kind: 'text', value }] };
      const found = toSurveyjs(equal, this.scope(null, table));
      if ('text' in found) return found.text;
      if (!failed)
        this.tell(leaf.name, 'choice_filter', `"${text.slice(0, 120)}" was not carried over: ${found.problem}.`);
      failed = true;
      return null;
    };
  }
}
