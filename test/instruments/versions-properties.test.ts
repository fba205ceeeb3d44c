/** What must hold of any instrument and any change: comparison with itself, item maps on rows, files and hashes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../instruments/canonical.ts';
import { type Codebook, codebookOf } from '../../instruments/codebook.ts';
import { codeRow } from '../../instruments/coding.ts';
import { compileInstrument } from '../../instruments/compile.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { randomOf } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import { composeItemMaps } from '../../instruments/versions/compose-item-maps.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { type ItemMap, itemMapOf, itemMapSchema } from '../../instruments/versions/item-map.ts';
import { hashInstrument } from '../../server/instruments/store.ts';
import { applyItemMap, namedRow } from './apply-item-map.ts';
import { randomSurvey } from './arbitraries.ts';
import { instrumentWith } from './build.ts';

const timeout = 180_000;
const runs = { numRuns: 60, seed: 11 };
type Json = Record<string, unknown>;

function parsed(json: unknown): Instrument | null {
  const found = parseInstrument(json);
  return found.ok ? found.value : null;
}

/** Changes to a survey, each a way in which versions differ: other codes, fewer or more choices, other words, another order. */
const changes: Readonly<Record<string, (question: Json) => void>> = {
  codes(question) {
    for (const list of ['choices', 'columns']) {
      if (!Array.isArray(question[list]) || (list === 'columns' && question.type !== 'matrix')) continue;
      question[list] = question[list].map((one: unknown) => {
        const entry = typeof one === 'object' && one !== null ? (one as Json) : { value: one, text: String(one) };
        return { text: String(entry.value), ...entry, value: Number(entry.value) + 10 };
      });
    }
  },
  fewer(question) {
    if (Array.isArray(question.choices) && question.choices.length > 2) question.choices = question.choices.slice(1);
  },
  more(question) {
    if (Array.isArray(question.choices)) question.choices = [...question.choices, { value: 77, text: 'One more' }];
  },
  words(question) {
    question.title = 'In quite other words';
  },
  range(question) {
    if (question.type === 'rating') question.rateMax = 10;
    if (question.type === 'slider') question.max = 50;
  },
  type(question) {
    if (question.type === 'radiogroup') question.type = 'checkbox';
  },
  renamed(question) {
    if (question.type !== 'matrix' && question.type !== 'multipletext')
      question.title = `Another title of ${String(question.name)}`;
  },
};

const changed = fc.array(fc.tuple(fc.nat(20), fc.constantFrom(...Object.keys(changes))), { maxLength: 5 });

function withChanges(survey: Json, version: number, list: readonly (readonly [number, string])[]): Instrument | null {
  const copy = structuredClone(survey) as { pages: { elements: Json[] }[] };
  const elements = copy.pages.flatMap((page) => page.elements);
  for (const [at, kind] of list) {
    const question = elements[at % Math.max(1, elements.length)];
    if (question) changes[kind]?.(question);
  }
  return parsed(instrumentWith(copy, { version }));
}

/** Values that a version does not allow. */
function illegal(map: ItemMap, values: Readonly<Record<string, unknown>>, { variables }: Codebook): string[] {
  const rescaled = new Set(map.items.filter(({ rescale }) => rescale).map(({ item }) => item));
  return variables.flatMap(({ name, values: codes, range, type }) => {
    const value = values[name];
    if (typeof value !== 'number') return [];
    const inside = !range || (value >= range.min && value <= range.max);
    const answers = codes.filter(({ missing }) => missing === undefined);
    const known = rescaled.has(name) || answers.length === 0 || answers.some(({ code }) => code === value);
    const whole = type !== 'integer' || rescaled.has(name) || Number.isInteger(value);
    return inside && known && whole ? [] : [`${name} = ${value}`];
  });
}

test('a random instrument compared with itself has no changes', { timeout }, () => {
  fc.assert(
    fc.property(randomSurvey, ({ survey }) => {
      const instrument = parsed(instrumentWith(survey));
      if (instrument) expect(diffInstruments(instrument, instrument)).toEqual([]);
    }),
    runs,
  );
});

test('an item map gives simulated answers to version 1 only values that version 2 allows, and two maps those of 3', {
  timeout,
}, () => {
  let mapped = 0;
  fc.assert(
    fc.property(randomSurvey, changed, changed, fc.nat(), ({ survey }, one, other, seed) => {
      const [first, second, third] = [
        withChanges(survey, 1, []),
        withChanges(survey, 2, one),
        withChanges(survey, 3, other),
      ];
      if (!first || !second || !third) return;
      const compiled = compileInstrument(first);
      const map = itemMapOf(first, second, diffInstruments(first, second));
      expect(itemMapSchema.parse(JSON.parse(JSON.stringify(map)))).toEqual(map);
      const further = composeItemMaps(map, itemMapOf(second, third, diffInstruments(second, third)));
      for (let at = 0; at < 5; at += 1) {
        let response: ReturnType<typeof simulateAnswers>;
        try {
          response = simulateAnswers(compiled, { random: randomOf(`${seed} ${at}`), missing: 0.1 });
        } catch (error) {
          // Some random surveys ask for what chance does not find.
          if (error instanceof RangeError) return;
          throw error;
        }
        const row = namedRow(codebookOf(first).variables, codeRow(compiled, response));
        const applied = applyItemMap(map, row);
        expect(illegal(map, applied.values, codebookOf(second))).toEqual([]);
        expect(illegal(further, applyItemMap(further, row).values, codebookOf(third))).toEqual([]);
        for (const [name, value] of Object.entries(applied.values))
          expect(value === null).toBe(applied.reasons[name] !== null);
        mapped += 1;
      }
    }),
    runs,
  );
  expect(mapped).toBeGreaterThan(100);
});

test('what is written and read again is the same instrument', { timeout }, () => {
  fc.assert(
    fc.property(randomSurvey, ({ survey }) => {
      const instrument = parsed(instrumentWith(survey));
      if (!instrument) return;
      expect(parsed(JSON.parse(canonicalJson(instrument)))).toEqual(instrument);
    }),
    runs,
  );
});

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown, order: (count: number) => number[]): unknown {
  if (Array.isArray(value)) return value.map((one) => shuffled(one, order));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    order(entries.length).map((at) => {
      const [key = '', inner] = entries[at] ?? [];
      return [key, shuffled(inner, order)];
    }),
  );
}

test('the hash does not depend on the order of keys', { timeout }, () => {
  fc.assert(
    fc.property(randomSurvey, fc.nat(), ({ survey }, seed) => {
      const instrument = parsed(instrumentWith(survey));
      if (!instrument) return;
      const random = randomOf(seed);
      const other = shuffled(instrument, (count) => random.shuffle(Array.from({ length: count }, (_, at) => at)));
      expect(hashInstrument(other as Instrument)).toBe(hashInstrument(instrument));
    }),
    runs,
  );
});
