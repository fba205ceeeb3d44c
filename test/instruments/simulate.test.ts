import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import { codeRow } from '../../instruments/coding.ts';
import { type CompiledInstrument, compileInstrument } from '../../instruments/compile.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { randomOf } from '../../instruments/random.ts';
import { scoreRow } from '../../instruments/scoring.ts';
import { nestedTrait, simulateAnswers } from '../../instruments/simulate.ts';
import { everyType } from './every-type.ts';

function compiled(json: unknown): CompiledInstrument {
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, null, 1));
  return compileInstrument(parsed.value);
}

const libraryFolder = new URL('../../instruments/library/', import.meta.url);
const library = readdirSync(libraryFolder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => compiled(JSON.parse(readFileSync(new URL(file, libraryFolder), 'utf8'))));
const all = [...library, compiled(everyType)];

describe('simulated answers', () => {
  for (const instrument of all) {
    it(`are legal for ${instrument.instrument.id}, whatever the seed and the chances`, () => {
      const chance = fc.double({ min: 0, max: 1, noNaN: true });
      fc.assert(
        fc.property(fc.integer(), chance, chance, chance, (seed, missing, declined, dropOut) => {
          const response = simulateAnswers(instrument, { random: randomOf(seed), missing, declined, dropOut });
          const partial = response.completion === 'partial';
          expect(checkAnswers(instrument, response.answers, { partial })).toEqual([]);
          // Also what may not be sent when broken off is not there: an answer behind the last page.
          const row = codeRow(instrument, response);
          instrument.codebook.variables.forEach((variable, at) => {
            if (!partial || variable.origin === 'calculated' || variable.page <= (response.lastPage ?? 0)) return;
            expect(row.values[at]).toBeNull();
          });
        }),
        { seed: 11, numRuns: 60 },
      );
    });
  }

  it('are the same for the same seed', () => {
    for (const instrument of all) {
      const once = simulateAnswers(instrument, { random: randomOf('x'), dropOut: 0.5 });
      expect(simulateAnswers(instrument, { random: randomOf('x'), dropOut: 0.5 })).toEqual(once);
    }
  });

  it('reach every variable and every code of the instrument that holds every type', () => {
    const instrument = compiled(everyType);
    const random = randomOf('reach');
    const seen = instrument.codebook.variables.map(() => new Set<number | string | null>());
    for (let n = 0; n < 1500; n += 1) {
      const row = codeRow(instrument, simulateAnswers(instrument, { random, declined: 0.05 }));
      for (const [at, value] of row.values.entries()) seen[at]?.add(value);
    }
    instrument.codebook.variables.forEach((variable, at) => {
      const values = seen[at] ?? new Set();
      expect(
        [...values].some((value) => value !== null),
        variable.name,
      ).toBe(true);
      const codes = variable.values.filter((value) => !value.missing).map((value) => value.code);
      expect(
        codes.filter((code) => !values.has(code)),
        variable.name,
      ).toEqual([]);
    });
  });

  it('follow the standing on the scale, turned for reversed items', () => {
    const [efficacy] = library.filter(({ instrument }) => instrument.id === 'collective-efficacy');
    if (!efficacy) throw new Error('the library has no collective-efficacy');
    const [scale] = efficacy.instrument.scales;
    if (!scale) throw new Error('no scale');
    const meanAt = (standing: number) => {
      const random = randomOf('standing');
      const scores = Array.from({ length: 200 }, () => {
        const { answers } = simulateAnswers(efficacy, { random, traits: { [scale.id]: standing } });
        return scoreRow(efficacy, codeRow(efficacy, { answers, completion: 'complete' }))[0]?.value ?? 0;
      });
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    expect(meanAt(-2)).toBeLessThan(meanAt(0) - 0.8);
    expect(meanAt(0)).toBeLessThan(meanAt(2) - 0.8);
  });

  it('take over what is known where it is asked', () => {
    const instrument = compiled(everyType);
    const { answers } = simulateAnswers(instrument, { random: randomOf(4), known: { colour: 2, nowhere: 1 } });
    expect(answers.colour).toBe(2);
    expect(answers).not.toHaveProperty('nowhere');
  });

  it('say so when chance finds no legal answer', () => {
    const impossible = compiled({
      ...everyType,
      id: 'impossible',
      scales: [],
      survey: {
        pages: [
          {
            name: 'one',
            elements: [
              { type: 'text', name: 'code', isRequired: true, validators: [{ type: 'regex', regex: '^[A-Z]{8}$' }] },
            ],
          },
        ],
      },
    });
    expect(() => simulateAnswers(impossible, { random: randomOf(1) })).toThrow(/found no legal answer: answers.code/);
  });
});

describe('nested standings', () => {
  const shares = { cluster: 0.1, school: 0.2 };

  it('do not depend on the order of asking', () => {
    const place = { cluster: 'c', school: 's', person: 'p' };
    const one = randomOf('n');
    const first = nestedTrait(one, shares, place, 'trust');
    nestedTrait(one, shares, { ...place, person: 'q' }, 'trust');
    expect(nestedTrait(one, shares, place, 'trust')).toBe(first);
  });

  it('have total variance 1 and the declared shares between clusters and schools', () => {
    const random = randomOf('shares');
    const clusters = 300;
    const [schools, people] = [5, 6];
    const values: { cluster: number; school: number; value: number }[] = [];
    for (let c = 0; c < clusters; c += 1) {
      for (let s = 0; s < schools; s += 1) {
        for (let p = 0; p < people; p += 1) {
          const place = { cluster: `c${c}`, school: `c${c}s${s}`, person: `c${c}s${s}p${p}` };
          values.push({ cluster: c, school: c * schools + s, value: nestedTrait(random, shares, place, 'x') });
        }
      }
    }
    // Variance components from mean squares of the balanced nested design.
    const mean = (list: number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
    const groups = (key: 'cluster' | 'school') => {
      const members = new Map<number, number[]>();
      for (const entry of values) members.set(entry[key], [...(members.get(entry[key]) ?? []), entry.value]);
      return [...members.values()].map(mean);
    };
    const schoolMeans = groups('school');
    const clusterMeans = groups('cluster');
    const grand = mean(clusterMeans);
    const ss = (list: number[], centre: (at: number) => number) =>
      list.reduce((sum, x, at) => sum + (x - centre(at)) ** 2, 0);
    const within =
      ss(
        values.map((v) => v.value),
        (at) => schoolMeans[values[at]?.school ?? 0] ?? 0,
      ) /
      (clusters * schools * (people - 1));
    const between =
      (people * ss(schoolMeans, (at) => clusterMeans[Math.floor(at / schools)] ?? 0)) / (clusters * (schools - 1));
    const top = (people * schools * ss(clusterMeans, () => grand)) / (clusters - 1);
    const school = (between - within) / people;
    const cluster = (top - between) / (people * schools);
    expect(Math.abs(within - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(school - 0.2)).toBeLessThan(0.04);
    expect(Math.abs(cluster - 0.1)).toBeLessThan(0.05);
  });
});
