/** What both exports read from an instrument: its elements as written, texts in one or all languages, kinds of items. */
import type { Instrument } from '../instrument.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import type { Choices, Question } from '../questions.ts';
import { formOf } from '../read-survey.ts';
import { partAt } from '../versions/facts.ts';
import { type Words, wordsOf } from '../versions/words.ts';
import type { Dialect } from './formula.ts';
import { fromSurveyjs, type KindOf } from './formula-from-surveyjs.ts';
import type { LeftOut } from './left-out.ts';

export class ExportReader {
  readonly instrument: Instrument;
  readonly questions: ReadonlyMap<string, Question>;
  readonly leftOut: LeftOut[] = [];
  readonly #kinds = new Map<string, ReturnType<KindOf>>();
  readonly #dialect: Dialect;

  constructor(instrument: Instrument, dialect: Dialect) {
    this.instrument = instrument;
    this.#dialect = dialect;
    const form = formOf(instrument.survey, instrument.languages);
    const inside = form.questions.flatMap(({ answer }) =>
      'columns' in answer && answer.kind !== 'matrix' ? answer.columns : [],
    );
    this.questions = new Map([...form.questions, ...inside].map((question) => [question.path, question]));
    for (const question of [...form.questions, ...inside]) this.learn(question);
    for (const { name } of form.calculated) this.#kinds.set(name, 'number');
    this.envelope();
  }

  private learn({ name, answer }: Question): void {
    if (answer.kind === 'code' || answer.kind === 'boolean') this.#kinds.set(name, 'one');
    else if (answer.kind === 'codes') this.#kinds.set(name, 'several');
    else if (answer.kind === 'number' || answer.kind === 'calculated') this.#kinds.set(name, 'number');
    else if (answer.kind === 'text') this.#kinds.set(name, 'text');
    else if (answer.kind === 'matrix') for (const row of answer.rows.list) this.#kinds.set(row.name, 'one');
    else if (answer.kind === 'boxes') for (const box of answer.boxes) this.#kinds.set(box.name, box.answer.kind);
  }

  readonly kindOf: KindOf = (name) => this.#kinds.get(name) ?? null;

  tell(item: string | null, what: string, why: string): void {
    this.leftOut.push({ item, what, why });
  }

  /** What stands around the survey. */
  private envelope(): void {
    const { scales, sources, description, kind, subject } = this.instrument;
    for (const { id } of scales)
      this.tell(
        null,
        `scale ${id}`,
        'The file has no place for scales and keying; keep the instrument itself beside it.',
      );
    if (sources.length > 0) this.tell(null, 'sources', 'The file has no place for sources.');
    if (description !== '') this.tell(null, 'description', 'The file has no place for the description.');
    if (kind !== 'survey' || subject !== 'person')
      this.tell(null, 'kind and subject', 'The file does not say whom a response speaks for.');
    this.tell(null, 'permission', 'The file has no place for the permission; it holds for the file all the same.');
  }

  json(question: Question): JsonObject {
    return partAt(this.instrument, question.path);
  }

  words(json: JsonObject, key: string): Words {
    return wordsOf(own(json, key), this.instrument.languages);
  }

  /** The words of a choice, a row or a box, by its value. */
  entryWords(list: unknown, value: unknown, otherwise: string, key = 'value', text = 'text'): Words {
    const entry = (Array.isArray(list) ? list : []).find((one) => isObject(one) && own(one, key) === value);
    return wordsOf(isObject(entry) ? own(entry, text) : undefined, this.instrument.languages, otherwise);
  }

  choices(choices: Choices, list: unknown, item: string): { code: number; words: Words; missing: string }[] {
    if (choices.shownIf || choices.list.some(({ shownIf }) => shownIf)) {
      this.tell(item, 'conditions of choices', 'All choices are offered to everybody.');
    }
    if (choices.list.some(({ exclusive, missing }) => exclusive && missing === null)) {
      this.tell(item, 'exclusive choices', 'They can be chosen together with others.');
    }
    return choices.list.map(({ code, label, missing }) => ({
      code,
      words: this.entryWords(list, code, label),
      missing: missing ?? '',
    }));
  }

  formula(text: unknown, item: string, what: string): string {
    if (typeof text !== 'string' || text.trim() === '') return '';
    const found = fromSurveyjs(text, this.#dialect, this.kindOf);
    if ('text' in found) return found.text;
    this.tell(item, what, `"${text.slice(0, 200)}" was not carried over: ${found.problem}.`);
    return '';
  }

  /** Properties of an element beside those that were written. */
  rest(json: JsonObject, written: readonly string[], item: string): void {
    const known = new Set([...written, ...quiet]);
    const left = Object.keys(json).filter((key) => !known.has(key));
    if (left.length > 0) this.tell(item, left.join(', '), 'The file has no place for this.');
  }
}

/** How things look, which no other program needs to know. */
const quiet = [
  ...[
    'type',
    'name',
    'elements',
    'startWithNewLine',
    'colCount',
    'width',
    'minWidth',
    'maxWidth',
    'indent',
    'innerIndent',
    'state',
  ],
  ...[
    'titleLocation',
    'descriptionLocation',
    'errorLocation',
    'displayMode',
    'alternateRows',
    'showNumber',
    'placeholder',
  ],
  ...[
    'questionTitleLocation',
    'rateType',
    'rateColorMode',
    'scaleColorMode',
    'cols',
    'autoGrow',
    'allowResize',
    'searchEnabled',
  ],
  ...[
    'allowClear',
    'showClearButton',
    'textUpdateMode',
    'addPanelText',
    'removePanelText',
    'addRowText',
    'removeRowText',
  ],
  ...[
    'panelAddText',
    'panelRemoveText',
    'noEntriesText',
    'noRowsText',
    'emptyRowsText',
    'templateTitle',
    'confirmDelete',
  ],
  ...[
    'confirmDeleteText',
    'verticalAlign',
    'columnMinWidth',
    'rowTitleWidth',
    'inputSize',
    'itemSize',
    'size',
    'renderAs',
  ],
  ...[
    'rateDescriptionLocation',
    'displayRateDescriptionsAsExtremeItems',
    'panelsState',
    'displayStyle',
    'allowRowReorder',
  ],
  ...[
    'columnColCount',
    'horizontalScroll',
    'showHeader',
    'swapOrder',
    'useTitleAsLabel',
    'autocomplete',
    'showQuestionNumbers',
  ],
];

/** Settings of any item that both exports write, or leave out on purpose. */
export const commonSettings = [
  'title',
  'description',
  'visibleIf',
  'enableIf',
  'isRequired',
  'requiredIf',
  'requiredErrorText',
  'validators',
  'choicesOrder',
  'questionOrder',
];

/** Settings by which SurveyJS makes choices; the exports write the choices themselves. */
export const choiceSettings = [
  'choices',
  'rateValues',
  'rateMin',
  'rateMax',
  'rateStep',
  'rateCount',
  'minRateDescription',
  'maxRateDescription',
  'choicesMin',
  'choicesMax',
  'choicesStep',
  'choicesVisibleIf',
];
