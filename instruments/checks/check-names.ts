/**
 * Names that a statistics program would refuse, change or mix up. `parseInstrument` refuses what is no name at all; this adds
 * the words that SPSS, Stata and R keep for themselves, and names that differ in capitals only.
 * Sources: IBM SPSS Statistics Command Syntax Reference (variable names: 64 bytes, reserved keywords, no full stop or
 * underscore at the end), Stata User's Guide 11.3 (32 characters, reserved names), R Language Definition 10.3.3 (reserved words).
 */
import { isObject, own } from '../json.ts';
import type { Facts } from '../versions/facts.ts';
import { fault, hint, type InstrumentFinding } from './finding.ts';

const stata =
  /^(_all|_b|byte|_coef|_cons|double|float|if|in|int|long|_n|_pi|_pred|_rc|_skip|strl|str\d{1,4}|using|with)$/i;
const spss = /^(all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with)$/i;
const r =
  /^(if|else|repeat|while|function|for|next|break|TRUE|FALSE|NULL|Inf|NaN|NA|NA_integer_|NA_real_|NA_character_|in)$/;

/** Programs that keep a word for themselves. */
export function programsAgainst(name: string): string[] {
  return [...(spss.test(name) ? ['SPSS'] : []), ...(stata.test(name) ? ['Stata'] : []), ...(r.test(name) ? ['R'] : [])];
}

export function checkNames({ items, instrument }: Facts): InstrumentFinding[] {
  const findings: InstrumentFinding[] = [];
  const names = new Set(items.map(({ name }) => name));
  for (const { name, table, path } of items) {
    const own = table === '' ? name : name.slice(table.length + 1);
    const against = programsAgainst(own);
    if (against.length > 0) {
      const message = `${own} is a word of ${against.join(' and ')} and cannot name a variable there; call it ${own}_1 or better by what it asks.`;
      findings.push(fault('reserved-name', path, name, message));
    }
    if (own.endsWith('_')) {
      const message = `${own} ends in an underscore, as names do that SPSS makes itself; take it away.`;
      findings.push(hint('underscore-name', path, name, message));
    }
  }
  for (const [at, { id }] of instrument.scales.entries()) {
    const taken = [`score_${id}`, `answered_${id}`].find((column) => names.has(column));
    if (!taken) continue;
    const message = `The dataset's column ${taken} is made for the scale ${id}; call the item otherwise.`;
    findings.push(hint('score-name', `scales[${at}].id`, taken, message));
  }
  return findings;
}

/** Names of a draft that are the same but for capitals; told whether or not the draft can be read. */
export function checkCapitals(json: unknown): InstrumentFinding[] {
  const findings: InstrumentFinding[] = [];
  const seen = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const [at, one] of value.entries()) visit(one, `${path}[${at}]`);
    else if (isObject(value)) {
      const name = own(value, 'type') === 'panel' ? undefined : own(value, 'name');
      if (typeof name === 'string') {
        const folded = name.toLowerCase();
        const before = seen.get(folded);
        if (before !== undefined && before !== name) {
          const message = `${name} and ${before} differ in capitals only, which SPSS does not tell apart; rename one of them.`;
          findings.push(fault('capitals-name', `${path}.name`, name, message));
        }
        seen.set(folded, before ?? name);
      }
      for (const list of ['elements', 'templateElements', 'items']) visit(own(value, list), `${path}.${list}`);
    }
  };
  const survey = isObject(json) ? own(json, 'survey') : undefined;
  const pages = isObject(survey) ? own(survey, 'pages') : undefined;
  if (Array.isArray(pages)) {
    pages.forEach((page, at) => {
      if (isObject(page)) visit(own(page, 'elements'), `survey.pages[${at}].elements`);
    });
  }
  return findings;
}
