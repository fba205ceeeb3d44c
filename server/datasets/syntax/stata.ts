/** A do-file for Stata that rebuilds the scale scores from the raw items of the `.dta` file beside it. */
import { ruleInWords, type ScoreRule } from './scores.ts';

/** The whole do-file, lines ending in LF. */
export function stataSyntax(data: string, rules: readonly ScoreRule[]): string {
  return [
    '* Rebuilds the scale scores from the raw items. They agree with the score columns of the dataset.',
    'version 14',
    `use \`"${data}"', clear`,
    ...rules.flatMap((rule) => [
      '',
      `* ${ruleInWords(rule)}`,
      'local keyed',
      ...rule.items.flatMap(({ name, reversed }, at) => [
        `tempvar item${at}`,
        `generate double \`item${at}' = ${reversed ? `${rule.turn} - ${name}` : name}`,
        `local keyed \`keyed' \`item${at}'`,
      ]),
      'tempvar answered',
      "egen `answered' = rownonmiss(`keyed')",
      `egen double ${rule.rebuilt} = rowmean(\`keyed')`,
      ...(rule.sum ? [`replace ${rule.rebuilt} = ${rule.items.length} * ${rule.rebuilt}`] : []),
      `replace ${rule.rebuilt} = . if \`answered' < ${rule.minimumAnswered}`,
      `label variable ${rule.rebuilt} \`"${labelOf(rule.title)}"'`,
    ]),
    '',
  ].join('\n');
}

/** Stata takes 80 characters; its own quotes and macro marks are taken out. */
const labelOf = (title: string) =>
  [...title.replaceAll(/[`"'$\s]+/g, ' ')].slice(0, 50).join('').trim().concat(', rebuilt from the items');
