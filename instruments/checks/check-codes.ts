/** Codes of choices: in order, without gaps, and ways of not answering apart from the answers. */
import type { Facts, ItemFact } from '../versions/facts.ts';
import { hint, type InstrumentFinding, listed, questionsOf } from './finding.ts';

const rises = (codes: readonly number[]) => codes.every((code, at) => at === 0 || code > (codes[at - 1] ?? 0));
const falls = (codes: readonly number[]) => codes.every((code, at) => at === 0 || code < (codes[at - 1] ?? 0));

function checkOptions({ options, path, question, variable }: ItemFact): InstrumentFinding[] {
  const findings: InstrumentFinding[] = [];
  const codes = options.filter(({ missing }) => missing === null).map(({ code }) => code);
  const outside = options.filter(({ missing }) => missing !== null).map(({ code }) => code);
  if (!rises(codes) && !falls(codes)) {
    const message = `The codes stand in the order ${listed(codes.map(String), 12)}; let them rise (or fall) from the first choice to the last, so that a table reads like the question.`;
    findings.push(hint('codes-out-of-order', path, question, message));
  }
  const sorted = [...codes].sort((one, other) => one - other);
  const steps = sorted.slice(1).map((code, at) => code - (sorted[at] ?? 0));
  const step = Math.min(...steps);
  const gaps = sorted.slice(1).flatMap((code, at) => {
    const before = sorted[at] ?? 0;
    return code - before > step ? [`between ${before} and ${code}`] : [];
  });
  // 1, 2, 3, 97: a code far off is meant to be apart.
  const meant =
    gaps.length === 1 && steps.at(-1) !== step && (sorted.at(-1) ?? 0) >= 90 && variable.scales.length === 0;
  if (gaps.length > 0 && steps.length > 1 && !meant) {
    const message = `A code is missing ${listed(gaps)}; number the choices without gaps, or say in the description why there is one.`;
    findings.push(hint('codes-with-gaps', path, question, message));
  }
  const [least, most] = [sorted.at(0) ?? 0, sorted.at(-1) ?? 0];
  const within = outside.filter((code) => code > least && code < most);
  if (within.length > 0) {
    const message = `The code ${listed(within.map(String))} stands for no answer but lies among the answers; give it one far off, like 98 or 99.`;
    findings.push(hint('missing-code-inside', path, question, message));
  }
  return findings;
}

export function checkCodes({ items }: Facts): InstrumentFinding[] {
  return questionsOf(items.filter(({ options, bare }) => options.length > 1 && !bare)).flatMap(checkOptions);
}
