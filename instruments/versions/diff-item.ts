/** What has changed about one item between two versions, each with its grade and the reason for it. Called by `diff.ts`. */
import type { ChangeKind, Grade, InstrumentChange } from './change.ts';
import type { ItemFact, OptionFact } from './facts.ts';
import type { ItemPair } from './match-items.ts';
import { isSameFormula } from './same-formula.ts';
import { optionsOf, type Range, type ValueRule, valueRuleOf } from './value-rule.ts';
import { compareWords, firstOf, negationsIn, type Words } from './words.ts';

/** Takes the changes of one item. */
export type Tell = (
  what: ChangeKind,
  grade: Grade,
  reason: string,
  before: string | null,
  after: string | null,
) => void;

const answersOf = ({ options, bare }: ItemFact): string =>
  bare
    ? `${options.at(0)?.code ?? ''} to ${options.at(-1)?.code ?? ''}`
    : options.map(({ code, words }) => `${code} = ${firstOf(words)}`).join('; ');
const inWords = (range: Range | null): string => (range ? `${range.min} to ${range.max}` : 'any');
const shownOption = ({ code, words }: OptionFact): string => `${code} = ${firstOf(words)}`;

/** Kinds of question that take one of several answers, and the other ways of asking that give values of one kind. */
const families: Readonly<Record<string, string>> = {
  ...{
    radiogroup: 'one choice',
    dropdown: 'one choice',
    rating: 'one choice',
    matrix: 'one choice',
    boolean: 'one choice',
  },
  ...{ checkbox: 'several choices', tagbox: 'several choices' },
};

function diffWording({ older, newer }: ItemPair, shared: readonly string[], tell: Tell): void {
  const texts: [ChangeKind, Words, Words, string][] = [
    ['wording', older.stem, newer.stem, 'words above the item'],
    ['wording', older.wording, newer.wording, 'item'],
    ['instruction', older.instruction, newer.instruction, 'instruction'],
  ];
  for (const [what, was, is, part] of texts) {
    const { difference, before, after } = compareWords(was, is, shared);
    if (difference === 'none') continue;
    if (difference === 'signs') {
      tell(what, 'safe', `Only punctuation, spaces or capitals of the ${part} changed.`, before, after);
      continue;
    }
    const turned = (negationsIn(before) + negationsIn(after)) % 2 === 1;
    if (what === 'wording' && turned && newer.variable.type === 'integer') {
      const reason = `The ${part} gained or lost a negation, so the same code may mean the opposite. Where it does not, grade it linkable.`;
      tell(what, 'breaking', reason, before, after);
    } else {
      tell(what, 'linkable', `The ${part} is in other words: people may answer it differently.`, before, after);
    }
  }
}

function diffOptionWords(pair: ItemPair, shared: readonly string[], rule: ValueRule, tell: Tell): void {
  const match = optionsOf(pair, shared[0] ?? 'en');
  if (!match || pair.older.bare !== pair.newer.bare) return;
  // On another range the options in between have moved: only the ends are the same options.
  const rescaled = rule.kind === 'rescaled';
  for (const { older, newer } of match.pairs) {
    if (!newer) {
      if (rescaled) continue;
      const reason =
        older.missing === null
          ? 'The option is not offered any more: its code stays in older data and has no counterpart in newer ones.'
          : 'This way of not answering is not offered any more: more people will answer, or leave the item out.';
      tell('option-dropped', 'linkable', reason, shownOption(older), null);
      continue;
    }
    if ((older.missing ?? '') !== (newer.missing ?? '')) {
      const reason = 'Whether this option counts as an answer has changed, and with it what counts as missing.';
      tell('missing-mark', 'linkable', reason, older.missing ?? 'an answer', newer.missing ?? 'an answer');
    }
    if (!isSameFormula(older.condition, newer.condition)) {
      const reason = `Others are offered the option ${firstOf(newer.words)}.`;
      tell('condition', 'linkable', reason, older.condition || 'everybody', newer.condition || 'everybody');
    }
    const { difference, before, after } = compareWords(older.words, newer.words, shared);
    if (difference === 'none' || (rescaled && older.code !== newer.code)) continue;
    const place = `of code ${newer.code}`;
    if (difference === 'signs') {
      tell('option-text', 'safe', `Only punctuation, spaces or capitals ${place} changed.`, before, after);
    } else {
      const reason = `The words ${place} changed: people may choose it more or less often, and its neighbours with it.`;
      tell('option-text', 'linkable', reason, before, after);
    }
  }
  if (rescaled) return;
  for (const option of match.added) {
    const reason =
      option.missing === null
        ? 'Another option is offered: people who would have chosen others may choose it.'
        : 'Another way of not answering is offered: fewer people will give an answer.';
    tell('option-added', 'linkable', reason, null, shownOption(option));
  }
  diffOptionOrder(pair, tell);
}

/** Whether the options that both have stand in another order; by code, since moved codes are told as such. */
function diffOptionOrder({ older, newer }: ItemPair, tell: Tell): void {
  const codes = new Set(newer.options.map(({ code }) => code));
  const were = older.options.filter(({ code }) => codes.has(code));
  const known = new Set(were.map(({ code }) => code));
  const are = newer.options.filter(({ code }) => known.has(code));
  if (were.every(({ code }, at) => are[at]?.code === code)) return;
  const list = (options: readonly OptionFact[]) => options.map(({ code }) => code).join(', ');
  const reason =
    'The options stand in another order. Codes are the same; what stands first is chosen a little more often.';
  tell('option-order', 'linkable', reason, list(were), list(are));
}

function diffValues(pair: ItemPair, rule: ValueRule, tell: Tell): void {
  const { older, newer } = pair;
  const [before, after] = [older.variable, newer.variable];
  const shownType = ({ questionType, variable }: ItemFact) => `${questionType} (${variable.type})`;
  if (rule.kind === 'apart' && older.questionType === 'ranking' && newer.questionType === 'ranking') {
    const reason = 'Ranks among another number of choices do not compare.';
    tell('range', 'breaking', reason, inWords(before.range), inWords(after.range));
  } else if (rule.kind === 'apart') {
    tell('type', 'breaking', 'The values are of another kind.', shownType(older), shownType(newer));
  } else if (before.type !== after.type) {
    tell('type', 'linkable', 'Whole numbers became numbers with decimals.', shownType(older), shownType(newer));
  } else if (older.questionType !== newer.questionType) {
    const alike =
      families[older.questionType] !== undefined && families[older.questionType] === families[newer.questionType];
    const reason = alike
      ? 'The same answers are asked for in another form.'
      : 'It is asked in another form; the values are of the same kind.';
    tell('type', 'linkable', reason, older.questionType, newer.questionType);
  }
  if (rule.kind === 'recoded') {
    const moved = [...rule.codes].filter(([, code]) => code !== null);
    if (moved.length > 0) {
      const table = moved.map(([code, to]) => `${code} becomes ${to}`).join(', ');
      tell(
        'codes',
        'linkable',
        `The same words have other codes; the item map recodes: ${table}.`,
        answersOf(older),
        answersOf(newer),
      );
    }
  } else if (rule.kind === 'rescaled') {
    const shown =
      older.options.length > 0 ? [answersOf(older), answersOf(newer)] : [inWords(rule.from), inWords(rule.to)];
    const [was = '', is = ''] = shown;
    const reason = rule.anchored
      ? 'The answers run over another range between the same two ends: the item map moves them along the line between the ends.'
      : 'The answers run over another range, and its ends are not labelled alike: the steps do not compare.';
    tell('range', rule.anchored ? 'linkable' : 'breaking', reason, was, is);
  } else if (rule.kind === 'same' && older.options.length === 0 && newer.options.length === 0) {
    diffLimits(older, newer, tell);
  }
}

/** The limits of a number or the length of a text. */
function diffLimits({ variable: before }: ItemFact, { variable: after }: ItemFact, tell: Tell): void {
  const { range: was } = before;
  const { range: is } = after;
  if (was?.min !== is?.min || was?.max !== is?.max) {
    const wider = !is || (was !== null && is.min <= was.min && is.max >= was.max);
    const reason = wider
      ? 'Every value that was allowed still is.'
      : 'Some values that were allowed are not any more; older data may hold them.';
    tell('range', wider ? 'safe' : 'linkable', reason, inWords(was), inWords(is));
  }
  if (before.maxLength !== after.maxLength) {
    const lengthOf = (length: number | null) => `${length ?? 'any number of'} characters`;
    tell('validation', 'safe', 'Texts may have another length.', lengthOf(before.maxLength), lengthOf(after.maxLength));
  }
}

function diffLogic({ older, newer }: ItemPair, tell: Tell): void {
  if (!isSameFormula(older.calculation, newer.calculation)) {
    const reason = 'It is computed in another way: compute it anew from the raw answers, which are kept.';
    tell('calculation', 'breaking', reason, older.calculation, newer.calculation);
  }
  if (!isSameFormula(older.condition, newer.condition)) {
    const reason = 'Others are asked: values compare, shares and means of all who answered may not.';
    tell('condition', 'linkable', reason, older.condition || 'everybody', newer.condition || 'everybody');
  }
  if (older.required !== newer.required) {
    const reason = 'Values mean the same; fewer or more people will leave it out.';
    tell('required', 'safe', reason, older.required || 'never', newer.required || 'never');
  }
  if (older.validation !== newer.validation) {
    tell(
      'validation',
      'safe',
      'Other answers are turned back; those that passed mean the same.',
      older.validation || 'none',
      newer.validation || 'none',
    );
  }
}

/** The changes of one item, without those of scales and order. */
export function diffItem(pair: ItemPair, shared: readonly string[]): InstrumentChange[] {
  const { older, newer } = pair;
  const changes: InstrumentChange[] = [];
  const tell: Tell = (what, grade, reason, before, after) =>
    void changes.push({ item: newer.name, what, grade, reason, before, after });
  if (older.name !== newer.name) {
    if (older.choice !== null && newer.choice !== null && older.question === newer.question) {
      const reason =
        'The choice has another code, and its variable with it another name; the item map carries it over.';
      tell('codes', 'linkable', reason, older.name, newer.name);
    } else tell('renamed', 'linkable', 'The same words and answers stand under another name.', older.name, newer.name);
  }
  const rule = valueRuleOf(pair, shared[0] ?? 'en');
  diffWording(pair, shared, tell);
  diffValues(pair, rule, tell);
  diffOptionWords(pair, shared, rule, tell);
  diffLogic(pair, tell);
  return changes;
}
