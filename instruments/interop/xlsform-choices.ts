/** The choices of an XLSForm: codes for names that are no numbers, choices that depend on other answers, a reason for none. */
import type { LeftOut } from './left-out.ts';
import type { SheetRow } from './xlsform-columns.ts';
import type { FormLanguages } from './xlsform-languages.ts';

export interface ListChoice {
  /** What the form calls it. */
  readonly name: string;
  readonly code: number;
  readonly row: SheetRow;
}

export interface ChoiceList {
  readonly name: string;
  readonly choices: readonly ListChoice[];
  readonly codes: ReadonlyMap<string, number>;
  /** What had to be changed, in a sentence; null where the names are codes. */
  readonly renumbered: string | null;
}

const isCode = (name: string): boolean => /^(0|[1-9]\d{0,8})$/.test(name);

/** The lists of the sheet `choices`, by name. */
export function choiceLists(rows: readonly SheetRow[]): ReadonlyMap<string, ChoiceList> {
  const byList = new Map<string, SheetRow[]>();
  for (const row of rows) {
    const list = row.cell('list_name');
    if (list !== '' && row.cell('name') !== '') byList.set(list, [...(byList.get(list) ?? []), row]);
  }
  return new Map([...byList].map(([name, list]) => [name, listOf(name, list)] as const));
}

function listOf(name: string, rows: readonly SheetRow[]): ChoiceList {
  const names = [...new Set(rows.map((row) => row.cell('name')))];
  const plain = names.every(isCode);
  const codes = new Map(names.map((one, at) => [one, plain ? Number(one) : at + 1]));
  const pairs = [...codes].map(([one, code]) => `"${one.slice(0, 40)}" became ${code}`);
  const shown = pairs.length > 12 ? [...pairs.slice(0, 12), `and so on to ${codes.size}`] : pairs;
  return {
    name,
    choices: rows.map((row) => ({ name: row.cell('name'), code: codes.get(row.cell('name')) ?? 0, row })),
    codes,
    renumbered: plain ? null : `Codes are whole numbers: ${shown.join(', ')}.`,
  };
}

/** Conditions of choices by their names, from a filter of the question; null where a choice is always offered. */
export type FilterOf = (choice: ListChoice) => string | null;

/** Choices as SurveyJS writes them; one that stands twice is offered when either may be. */
export function choicesJson(
  list: ChoiceList,
  languages: FormLanguages,
  filter: FilterOf,
  item: string,
  leftOut: LeftOut[],
): Record<string, unknown>[] {
  const found = new Map<number, { json: Record<string, unknown>; conditions: (string | null)[]; times: number }>();
  for (const choice of list.choices) {
    const condition = filter(choice);
    const before = found.get(choice.code);
    if (before) {
      before.conditions.push(condition);
      before.times += 1;
      continue;
    }
    const json: Record<string, unknown> = { value: choice.code };
    json.text = languages.text(choice.row.texts('label')) ?? languages.text(new Map([[null, choice.name]]));
    const reason = choice.row.cell('missing_reason');
    if (reason === 'declined' || reason === 'not-applicable') json.missingReason = reason;
    const media = choice.row.filled.filter(({ name }) => /^(media::)?(image|audio|video|big-image)$/.test(name));
    if (media.length > 0) {
      const why = `Its choice "${choice.name.slice(0, 40)}" has ${media.map(({ name }) => name).join(', ')}; only texts are carried over.`;
      leftOut.push({ item, what: 'media', why });
    }
    found.set(choice.code, { json, conditions: [condition], times: 1 });
  }
  return [...found.values()].map(({ json, conditions, times }) => {
    const all = conditions.flatMap((one) => (one === null ? [] : [one]));
    if (times > 1 && all.length < times) {
      leftOut.push({
        item,
        what: 'choices',
        why: `The choice ${String(json.value)} stands ${times} times in the list ${list.name}; it is offered once.`,
      });
    }
    if (all.length === 0 || all.length < times) return json;
    return { ...json, visibleIf: all.length === 1 ? all[0] : all.map((one) => `(${one})`).join(' or ') };
  });
}
