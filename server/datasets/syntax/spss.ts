/** A syntax file for SPSS and PSPP that rebuilds the scale scores from the raw items of the `.sav` file beside it. */
import { ruleInWords, type ScoreRule } from './scores.ts';

/** The whole syntax, lines ending in CR LF. */
export function spssSyntax(data: string, rules: readonly ScoreRule[]): string {
  return [
    '* Encoding: UTF-8.',
    '* Rebuilds the scale scores from the raw items. They agree with the score columns of the dataset.',
    `GET FILE='${data.replaceAll("'", "''")}'.`,
    ...rules.flatMap((rule) => [
      '',
      `* ${ruleInWords(rule)}.`,
      `COMPUTE ${rule.rebuilt} = ${rule.sum ? `${rule.items.length} * ` : ''}MEAN.${rule.minimumAnswered}(`,
      rule.items.map(({ name, reversed }) => `  ${reversed ? `${rule.turn} - ${name}` : name}`).join(',\r\n'),
      ').',
      `VARIABLE LABELS ${rule.rebuilt} ${quoted(`${rule.title}, rebuilt from the items`)}.`,
    ]),
    'EXECUTE.',
    '',
  ].join('\r\n');
}

const quoted = (text: string) => `'${text.replaceAll(/\s+/g, ' ').replaceAll("'", "''")}'`;
