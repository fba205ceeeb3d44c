import { escaped } from './draft.ts';
import { choicesJson } from './xlsform-choices.ts';
import type { SheetRow } from './xlsform-columns.ts';
import { type Branch, type FormTree, type Leaf, otherCode } from './xlsform-tree.ts';

export interface ReadForm {
  readonly pages: readonly { readonly branch: Branch | null; readonly json: Json }[];
  readonly calculated: readonly Json[];
}

import { type Json, PartReader, type Tools } from './xlsform-parts.ts';

class Writer extends PartReader {
  readonly calculated: Json[] = [];

  leaf(leaf: Leaf, table: string | null): Json[] {
    const { row, type, name, list } = leaf;
    const self = this.tree.scope.get(row.cell('name')) ?? null;
    this.rest(row, name);
    if (type.kind === 'calculate') return this.calculate(leaf, table);
    if (type.kind === 'note') return [this.note(leaf, table)];
    const common: Json = { name, ...this.texts(row, name, table), ...this.demands(row, name, table) };
    if (row.cell('calculation') !== '')
      this.tell(name, 'calculation', 'An answer that is computed until somebody changes it has no counterpart.');
    if (type.kind === 'range') return [{ type: 'slider', ...common, ...this.slider(row, name) }];
    if (type.kind === 'question') {
      const long =
        type.json.inputType === undefined && type.json.type === 'text' && row.cell('appearance') === 'multiline';
      return [{ ...(long ? { type: 'comment' } : type.json), ...common, ...this.limits(leaf, self, table) }];
    }
    if (!list) return [];
    if (list.renumbered !== null) this.tell(name, 'choice codes', list.renumbered);
    const choices = choicesJson(list, this.tools.languages, this.filterOf(leaf, table), name, this.tools.leftOut);
    if (type.kind === 'rank') return [{ type: 'ranking', ...common, choices }];
    const shape = type.several ? 'checkbox' : row.cell('appearance') === 'minimal' ? 'dropdown' : 'radiogroup';
    const limits = this.limits(leaf, self, table);
    const asked = { type: shape, ...common, choices, ...limits };
    return type.other ? this.withOther(asked, leaf, table) : [asked];
  }

  /** "Or other": a choice of its own, and a text for what it is. */
  withOther(asked: Json & { choices?: unknown }, leaf: Leaf, table: string | null): Json[] {
    const code = otherCode(leaf.list);
    const name = this.tools.names.take(`${leaf.name}_other`);
    const choices = [
      ...(asked.choices as Json[]),
      { value: code, text: this.tools.languages.text(new Map([[null, 'Other']])) },
    ];
    const reference = table === null ? `{${leaf.name}}` : `{panel.${leaf.name}}`;
    const sign = asked.type === 'checkbox' ? 'contains' : '=';
    this.tell(leaf.name, 'or other', `"Other" is the choice ${code}; what it is stands in ${name}.`);
    const title = this.tools.languages.text(new Map([[null, 'Which other?']]));
    return [
      { ...asked, choices },
      { type: 'text', name, title, visibleIf: `${reference} ${sign} ${code}` },
    ];
  }

  calculate({ row, name }: Leaf, table: string | null): Json[] {
    const expression = this.formula(row, 'calculation', name, this.scope(null, table));
    if (expression === null) {
      if (row.cell('calculation') === '') this.tell(name, 'type calculate', 'It computes nothing.');
      return [];
    }
    if (row.cell('relevant') !== '')
      this.tell(name, 'relevant', 'A computed value has no condition; it is computed for everybody.');
    if (table !== null) return [{ type: 'expression', name, expression }];
    this.calculated.push({ name, expression, includeIntoResult: true });
    return [];
  }

  note({ row, name }: Leaf, table: string | null): Json {
    const { title, description, ...more } = this.texts(row, name, table);
    const html = (text: unknown): unknown => {
      if (typeof text === 'string') return `<p>${escaped(text)}</p>`;
      return Object.fromEntries(
        Object.entries(text as Json).map(([tag, one]) => [tag, `<p>${escaped(String(one))}</p>`]),
      );
    };
    if ([...row.texts('label').values(), ...row.texts('hint').values()].some((text) => text.includes('${'))) {
      this.tell(name, 'label', 'Notes cannot show answers; the place of the answer stands in brackets.');
    }
    if (description !== undefined && title !== undefined)
      this.tell(name, 'hint', 'A note has no hint; put it into the note.');
    return {
      type: 'html',
      name,
      html: html(title ?? description ?? this.tools.languages.text(new Map([[null, '…']]))),
      ...more,
    };
  }

  slider(row: SheetRow, item: string): Json {
    const text = row.cell('parameters');
    const number = (key: string): number | undefined => {
      const [, value] = new RegExp(`\\b${key}\\s*=\\s*(-?\\d+(?:\\.\\d+)?)`).exec(text) ?? [];
      return value === undefined ? undefined : Number(value);
    };
    const [min = 0, max = 10, step = 1] = [number('start'), number('end'), number('step')];
    if (text === '') this.tell(item, 'type range', 'The file gives no ends; it runs from 0 to 10.');
    return { min, max, step };
  }

  branch(branch: Branch, table: string | null): Json[] {
    const { row, name, children, kind } = branch;
    this.rest(row, name);
    const { title, description, visibleIf } = this.texts(row, name, table);
    const own = Object.fromEntries(
      Object.entries({ title, description, visibleIf }).filter(([, value]) => value !== undefined),
    );
    if (kind === 'repeat') {
      const templateElements = children.flatMap((child) => this.element(child, name));
      return templateElements.length === 0
        ? []
        : [{ type: 'paneldynamic', name, ...own, templateElements, ...this.count(branch) }];
    }
    const matrix = this.matrix(branch, table);
    if (matrix) return [{ ...matrix, ...own }];
    const elements = children.flatMap((child) => this.element(child, table));
    return elements.length === 0 ? [] : [{ type: 'panel', name: name.slice(0, 100), ...own, elements }];
  }

  /** A group that shows several questions with the same choices as a table. */
  matrix({ row, children, name }: Branch, table: string | null): Json | null {
    if (row.cell('appearance') !== 'table-list') return null;
    const leaves = children.flatMap((child) =>
      child.kind === 'leaf' && child.type.kind === 'select' && !child.type.several && !child.type.other ? [child] : [],
    );
    const [first] = leaves;
    const plain = leaves.every(
      ({ row: one, list }) =>
        list === first?.list && ['choice_filter', 'constraint', 'hint'].every((column) => one.cell(column) === ''),
    );
    if (!first?.list || leaves.length < children.length || !plain || table !== null) return null;
    const demands = leaves.map((leaf) => JSON.stringify(this.demands(leaf.row, leaf.name, table)));
    if (new Set(demands).size > 1) return null;
    const { languages, names, leftOut } = this.tools;
    for (const leaf of leaves) {
      this.rest(leaf.row, leaf.name);
      if (leaf.list?.renumbered) this.tell(leaf.name, 'choice codes', leaf.list.renumbered);
    }
    const required = demands[0]?.includes('isRequired') ? { eachRowRequired: true } : {};
    return {
      type: 'matrix',
      name: names.take(name),
      columns: choicesJson(first.list, languages, () => null, first.name, leftOut),
      rows: leaves.map((leaf) => {
        const { title, visibleIf } = this.texts(leaf.row, leaf.name, table);
        return { value: leaf.name, text: title ?? leaf.name, ...(visibleIf === undefined ? {} : { visibleIf }) };
      }),
      ...required,
    };
  }

  count({ row, name }: Branch): Json {
    const text = row.cell('repeat_count');
    if (text === '') return {};
    const fixed = Number(text);
    if (Number.isInteger(fixed) && fixed > 0 && fixed <= 100)
      return { panelCount: fixed, minPanelCount: fixed, maxPanelCount: fixed };
    this.tell(name, 'repeat_count', `"${text.slice(0, 80)}" is computed; people add entries themselves.`);
    return {};
  }

  element(child: Leaf | Branch, table: string | null): Json[] {
    return child.kind === 'leaf' ? this.leaf(child, table) : this.branch(child, table);
  }
}

/** Groups at the top become pages; what stands between them, too. */
export function questionsOf(tree: FormTree, tools: Tools): ReadForm {
  const writer = new Writer(tree, tools);
  const pages: { branch: Branch | null; json: Json }[] = [];
  let loose: Json[] = [];
  const flush = (): void => {
    if (loose.length > 0) pages.push({ branch: null, json: { name: `page${pages.length + 1}`, elements: loose } });
    loose = [];
  };
  for (const child of tree.children) {
    const made = writer.element(child, null);
    const [panel] = made;
    if (child.kind === 'group' && panel?.type === 'panel') {
      flush();
      const { type: _, ...page } = panel;
      pages.push({ branch: child, json: { ...page, name: `page${pages.length + 1}` } });
    } else loose.push(...made);
  }
  flush();
  return { pages, calculated: writer.calculated };
}
