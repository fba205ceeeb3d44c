/**
 * What an instrument version says of each item, flat: its words in every language, its options, where it stands, when it is
 * asked and which scales it counts in. Read once for each version by the comparison of versions and by the checks.
 */
import { type Codebook, codebookOfForm, type Variable } from '../codebook.ts';
import type { Instrument } from '../instrument.ts';
import { newIssues } from '../issues.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { logicOf } from '../logic.ts';
import type { MissingReason } from '../missing.ts';
import type { Choices, Expression, Form, Question, Validator } from '../questions.ts';
import { formOf } from '../read-survey.ts';
import { joinedWords, type Words, wordsOf } from './words.ts';

export interface OptionFact {
  readonly code: number;
  readonly words: Words;
  readonly missing: MissingReason | null;
  readonly condition: string;
}

export interface ItemFact {
  /** As in the codebook; in a linked table behind the table's name and a dot. */
  readonly name: string;
  /** Place among all items of its version. */
  readonly position: number;
  readonly table: string;
  readonly question: string;
  readonly questionType: string;
  /** Path of the question in the instrument. */
  readonly path: string;
  /** The choice that this item is, of a question with several answers. */
  readonly choice: number | null;
  /** What stands above the item: the title of its matrix or of the question whose choice it is. */
  readonly stem: Words;
  readonly wording: Words;
  readonly instruction: Words;
  readonly options: readonly OptionFact[];
  /** Its codes say themselves what they mean. */
  readonly bare: boolean;
  readonly variable: Variable;
  readonly condition: string;
  readonly required: string;
  readonly calculation: string;
  readonly validation: string;
}

export interface Facts {
  readonly instrument: Instrument;
  readonly form: Form;
  readonly items: readonly ItemFact[];
  /** Tags under which words stand instead of the instrument's own, where these were aligned to another version's. */
  readonly tags?: ReadonlyMap<string, string>;
}

const none: JsonObject = {};

/** The part of an instrument that a path names; an empty object where there is none. */
export function partAt(instrument: Pick<Instrument, 'survey'>, path: string): JsonObject {
  let part: unknown = instrument;
  for (const key of path.split(/[.[\]]+/).filter((step) => step !== '')) {
    if (Array.isArray(part)) part = part[Number(key)];
    else part = isObject(part) ? own(part, key) : undefined;
  }
  return isObject(part) ? part : none;
}

const listAt = (json: JsonObject, key: string): readonly unknown[] => {
  const value = own(json, key);
  return Array.isArray(value) ? value : [];
};

/** The raw entry of a list of choices or rows with this value, or an empty object. */
function entryOf(list: readonly unknown[], value: unknown, key = 'value'): JsonObject {
  return list.find((one): one is JsonObject => isObject(one) && own(one, key) === value) ?? none;
}

const texts = (expressions: readonly (Expression | null)[]): string =>
  expressions.reduce((all, one) => bothOf(all, one?.text.trim() ?? ''), '');

function ruleOf(validator: Validator): string {
  if (validator.kind === 'expression') return validator.expression.text;
  const { kind, ...rest } = validator;
  return `${kind} ${JSON.stringify(rest)}`;
}

/** Facts that all items of a question share. */
type Shared = Omit<ItemFact, 'name' | 'position' | 'variable' | 'wording' | 'stem' | 'choice' | 'options' | 'bare'>;

/** Where a question stands that stands in another one. */
interface Around {
  readonly table?: string;
  readonly prefix?: string;
  /** Words of the row of a grid. */
  readonly row?: Words;
  /** Choices that columns without their own take. */
  readonly lent?: readonly unknown[];
  readonly owner?: Shared;
}

function bothOf(one: string, other: string): string {
  return one === '' || other === '' ? one + other : `(${one}) and (${other})`;
}

class Reader {
  readonly items: ItemFact[] = [];
  readonly instrument: Instrument;
  readonly variables: ReadonlyMap<string, Variable>;

  readonly #noWords: Words;

  constructor(instrument: Instrument, codebook: Codebook) {
    this.instrument = instrument;
    this.#noWords = this.words('');
    this.variables = new Map([
      ...codebook.variables.map((variable) => [variable.name, variable] as const),
      ...codebook.tables.flatMap(({ name, variables }) =>
        variables.map((variable) => [`${name}.${variable.name}`, variable] as const),
      ),
    ]);
  }

  words(value: unknown, otherwise = ''): Words {
    return wordsOf(value, this.instrument.languages, otherwise);
  }

  put(shared: Shared, name: string, own: Partial<ItemFact> & Pick<ItemFact, 'wording'>): void {
    const key = shared.table === '' ? name : `${shared.table}.${name}`;
    const variable = this.variables.get(key);
    if (!variable) throw new RangeError(`the codebook has no ${key}`);
    // Field by field: spreading three objects for each item costs more than all the rest of the checks.
    this.items.push({
      name: key,
      position: this.items.length,
      table: shared.table,
      question: shared.question,
      questionType: shared.questionType,
      path: shared.path,
      choice: own.choice ?? null,
      stem: own.stem ?? this.#noWords,
      wording: own.wording,
      instruction: shared.instruction,
      options: own.options ?? [],
      bare: own.bare ?? false,
      variable,
      condition: shared.condition,
      required: shared.required,
      calculation: shared.calculation,
      validation: shared.validation,
    });
  }

  options(choices: Choices, raw: readonly unknown[], json: JsonObject): OptionFact[] {
    const [first, last] = [choices.list.at(0), choices.list.at(-1)];
    return choices.list.map((choice) => {
      const end = choice === first ? 'minRateDescription' : choice === last ? 'maxRateDescription' : '';
      const written = own(entryOf(raw, choice.code), 'text') ?? (raw.length === 0 ? own(json, end) : undefined);
      return {
        code: choice.code,
        words: this.words(written, choice.label),
        missing: choice.missing,
        condition: texts([choice.shownIf, choices.shownIf]),
      };
    });
  }

  shared(question: Question, json: JsonObject, table: string): Shared {
    const { answer, required, requiredIf } = question;
    const rows = answer.kind === 'matrix' || answer.kind === 'grid' ? answer.rows.shownIf : null;
    const each = answer.kind === 'matrix' && answer.eachRowRequired ? 'every row' : required ? 'always' : '';
    const limits =
      answer.kind === 'codes' || answer.kind === 'ranking' || answer.kind === 'people'
        ? [`${answer.min ?? ''}..${answer.max ?? ''}`]
        : [];
    const length = answer.kind === 'text' ? [`${answer.min ?? ''}..${answer.max ?? ''}`] : [];
    return {
      table,
      question: table === '' ? question.name : `${table}.${question.name}`,
      questionType: question.type,
      path: question.path,
      instruction: this.words(own(json, 'description')),
      condition: texts([...question.shownIf, ...question.enabledIf, rows]),
      required: requiredIf ? requiredIf.text : each,
      calculation: answer.kind === 'calculated' ? answer.expression.text.trim() : '',
      validation: [
        ...limits.filter((one) => one !== '..'),
        ...length.filter((one) => one !== '..'),
        ...question.validators.map(ruleOf),
      ].join('; '),
    };
  }

  read(question: Question, { table = '', prefix = '', row, lent = [], owner }: Around = {}): void {
    const { answer } = question;
    const json = partAt(this.instrument, question.path);
    const itself = this.shared(question, json, table);
    const shared: Shared = owner
      ? { ...itself, question: owner.question, condition: bothOf(owner.condition, itself.condition) }
      : itself;
    const title = this.words(own(json, 'title'), question.titled ? '' : question.name);
    const name = prefix + question.name;
    const wording = row ? joinedWords(row, title) : title;
    const stem = question.titled ? title : this.words('');
    const choicesRaw = [own(json, 'choices'), own(json, 'rateValues')].find(Array.isArray) ?? lent;
    switch (answer.kind) {
      case 'none':
        return;
      case 'code':
        this.put(shared, name, {
          wording,
          options: this.options(answer.choices, choicesRaw, json),
          bare: answer.choices.bare,
        });
        return;
      case 'boolean':
        this.put(shared, name, {
          wording,
          options: [
            { code: 0, words: this.words(own(json, 'labelFalse'), 'No'), missing: null, condition: '' },
            { code: 1, words: this.words(own(json, 'labelTrue'), 'Yes'), missing: null, condition: '' },
          ],
        });
        return;
      case 'interval':
        for (const end of ['low', 'high']) this.put(shared, `${name}_${end}`, { wording });
        return;
      case 'codes':
      case 'ranking':
        for (const option of this.options(answer.choices, choicesRaw, json)) {
          if (option.missing !== null) continue;
          this.put(shared, `${name}_${option.code}`, { stem: wording, wording: option.words, choice: option.code });
        }
        return;
      case 'matrix': {
        const options = this.options(answer.columns, listAt(json, 'columns'), none);
        for (const one of answer.rows.list) {
          const words = this.words(own(entryOf(listAt(json, 'rows'), one.name), 'text'), one.label);
          const condition = bothOf(shared.condition, one.shownIf?.text ?? '');
          this.put({ ...shared, condition }, one.name, { stem, wording: words, options });
        }
        return;
      }
      case 'boxes':
        for (const box of answer.boxes) {
          const words = this.words(own(entryOf(listAt(json, 'items'), box.name, 'name'), 'title'), box.label);
          this.put({ ...shared, required: box.required ? 'always' : '' }, box.name, { stem, wording: words });
        }
        return;
      case 'grid':
        for (const one of answer.rows.list) {
          const words = this.words(own(entryOf(listAt(json, 'rows'), one.name), 'text'), one.label);
          const above = joinedWords(stem, words);
          const at = {
            table,
            prefix: `${prefix}${one.name}_`,
            row: above,
            lent: listAt(json, 'choices'),
            owner: shared,
          };
          for (const column of answer.columns) this.read(column, at);
        }
        return;
      case 'people':
      case 'files':
        this.put(shared, `${name}_n`, { wording });
        return;
      case 'table':
        this.put({ ...shared, validation: `${answer.minRows}..${answer.maxRows}` }, `${name}_n`, { wording });
        for (const column of answer.columns) this.read(column, { table: name, lent: listAt(json, 'choices') });
        return;
      default:
        this.put(shared, name, { wording });
    }
  }
}

/** The facts of an instrument from `parseInstrument`, item by item in the order of asking, calculated values last. */
export function factsOf(instrument: Instrument): Facts {
  const form = formOf(instrument.survey, instrument.languages);
  return factsOfForm(instrument, form, codebookOfForm(instrument, form, logicOf(form, newIssues()).results));
}

/** `factsOf` for a form that has been read already. */
export function factsOfForm(instrument: Instrument, form: Form, codebook: Codebook): Facts {
  const reader = new Reader(instrument, codebook);
  for (const question of form.questions) reader.read(question);
  for (const value of form.calculated) {
    if (!value.included) continue;
    const shared: Shared = {
      ...{ table: '', question: value.name, questionType: 'calculatedvalue' },
      path: value.expression.path,
      instruction: reader.words(''),
      ...{ condition: '', required: '', validation: '' },
      calculation: value.expression.text.trim(),
    };
    reader.put(shared, value.name, { wording: reader.words(value.name) });
  }
  return { instrument, form, items: reader.items };
}
