/** The names of the columns of one administration: cut, numbered and told. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codebookOf } from '../../instruments/codebook.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { datasetColumns } from '../../server/datasets/columns.ts';

const trust = JSON.parse(readFileSync(new URL('../../instruments/library/trust.v1.json', import.meta.url), 'utf8'));

test('names that are cut or taken are told, and no other', () => {
  const long = 'trust_in_the_leaders_of_partner_a';
  const scales = trust.scales.map((scale: object, at: number) =>
    at < 2 ? { ...scale, id: `${long.slice(0, 31)}${at}`, title: `Trust ${at}` } : scale,
  );
  const parsed = parseInstrument({ ...trust, scales });
  if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
  const { scores, renamed, names } = datasetColumns(codebookOf(parsed.value), parsed.value.scales);
  expect(new Set(names).size).toBe(names.length);
  const cut = 'trust_in_the_leaders_of_pa';
  expect(scores.slice(0, 2).map(({ score, answered }) => [score, answered])).toEqual([
    [`score_${cut}`, 'answered_trust_in_the_leaders_of'],
    [`score_${cut.slice(0, -2)}_2`, 'answered_trust_in_the_leaders__2'],
  ]);
  expect(renamed).toEqual([
    'The column role stands in response_role: the instrument asks an item role itself.',
    `The score of Trust 0 stands in score_${cut}: the name score_${long.slice(0, 31)}0 is taken or has more than 32 characters.`,
    `The number of answers of Trust 0 stands in answered_trust_in_the_leaders_of: the name answered_${long.slice(0, 31)}0 is taken or has more than 32 characters.`,
    `The score of Trust 1 stands in score_${cut.slice(0, -2)}_2: the name score_${long.slice(0, 31)}1 is taken or has more than 32 characters.`,
    `The number of answers of Trust 1 stands in answered_trust_in_the_leaders__2: the name answered_${long.slice(0, 31)}1 is taken or has more than 32 characters.`,
  ]);
  const plain = parseInstrument(trust);
  if (!plain.ok) throw new Error('the library is broken');
  expect(datasetColumns(codebookOf(plain.value), plain.value.scales).renamed).toHaveLength(1);
});
