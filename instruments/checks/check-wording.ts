/**
 * Hints on wording, English only: two things asked at once, agreement as the answer, leading and absolute words, double
 * negatives. After Krosnick and Presser (2010), Question and questionnaire design; Saris, Revilla, Krosnick and Shaeffer
 * (2010) on agree/disagree questions. They point at words; a person decides.
 */
import type { Facts, ItemFact } from '../versions/facts.ts';
import { negationsIn } from '../versions/words.ts';
import { englishOf, readable } from './english.ts';
import { hint, type InstrumentFinding, listed } from './finding.ts';

const leading =
  /\b(don't you|do you not|isn't it|wouldn't you|surely|obviously|of course|as everybody knows|it is clear that|clearly|most people (?:think|believe|agree)|experts? (?:say|agree)|should be obvious)\b/i;
const absolute =
  /\b(always|never|every time|all of the time|none of|nobody ever|everyone always|completely without|no one ever)\b/i;
/** Pairs that are one thing. */
const idioms =
  /\b(teaching and learning|trial and error|more and more|again and again|up and down|pros and cons|and so on|terms and conditions|between .{1,60} and|both .{1,60} and|reading and writing|pupils? and parents?|parents? and carers?|and\/or)\b/gi;
const agreement = /\b(strongly )?(dis)?agree\b/i;

const isStatement = ({ choice, variable }: ItemFact): boolean =>
  choice === null && variable.origin === 'asked' && variable.type === 'integer';

/** Whether a statement joins two verbs or two qualities, so that one can hold without the other. */
export function isDoubleBarrelled(text: string): boolean {
  if (/\band\/or\b/i.test(text)) return true;
  const rest = readable(text).replace(idioms, ' ');
  const conjunction = /\b(and|or|as well as)\b/gi;
  for (const match of rest.matchAll(conjunction)) {
    const after = rest.slice(match.index + match[0].length).trim();
    // "… and we help them", "… and is open about mistakes": a second clause is a second statement.
    if (
      /^(we|they|he|she|it|I|you|our|is|are|was|were|has|have|can|do|does|gives?|takes?|makes?|helps?|shows?|keeps?|works?|know|knows|learn|use|feel|believe)\b/.test(
        after,
      )
    )
      return true;
  }
  return false;
}

function checkItem({ name, path, options }: ItemFact, text: string, english: string): InstrumentFinding[] {
  const findings: InstrumentFinding[] = [];
  const agrees = options.some(({ words }) => agreement.test(words[english] ?? ''));
  if (isDoubleBarrelled(text)) {
    const message = `${name} may ask two things at once; whoever holds one and not the other has no answer. Make two items, or keep the one that matters.`;
    findings.push(hint('double-barrelled', path, name, message));
  }
  const leads = leading.exec(text);
  if (leads) {
    const message = `"${leads[0]}" in ${name} suggests an answer; leave it out.`;
    findings.push(hint('leading-words', path, name, message));
  }
  const absolutes = absolute.exec(text);
  if (absolutes && agrees) {
    const message = `"${absolutes[0]}" in ${name} is true of hardly anything, so people answer the word; say how often instead.`;
    findings.push(hint('absolute-words', path, name, message));
  }
  const negations = negationsIn(text);
  if (negations > 1) {
    findings.push(hint('double-negative', path, name, `${name} has ${negations} negations; say it positively.`));
  } else if (negations === 1 && agrees) {
    const message = `${name} says what is not so: disagreeing with it is a double negative. Say it without "not", or ask how often.`;
    findings.push(hint('negated-statement', path, name, message));
  }
  return findings;
}

export function checkWording({ items, instrument }: Facts): InstrumentFinding[] {
  const english = englishOf(instrument.languages);
  if (english === null) return [];
  const statements = items.filter(isStatement);
  const findings = statements.flatMap((item) => checkItem(item, item.wording[english] ?? '', english));
  const agreeing = statements.filter(({ options }) =>
    options.some(({ words }) => agreement.test(words[english] ?? '')),
  );
  const first = agreeing[0];
  if (first) {
    const some = listed(agreeing.map(({ name }) => name));
    const message = `${agreeing.length === 1 ? 'One item asks' : `${agreeing.length} items ask`} how far people agree (${some}). Some agree with anything: name the quality in the answers (how often, how much), or balance positive and reversed items.`;
    findings.push(hint('agreement', first.path, null, message));
  }
  return findings;
}
