/** A study in two languages with an information sheet, on the first of February; used by the tests of planning. */
import { expect } from 'vitest';
import type { Visitor } from './people.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

export const studyPath = '/api/studies/trial';
export const at = (id: string) => `${studyPath}/administrations/${id}`;
export const text = (words: string) => ({
  asker: words,
  paragraphs: [words],
  consent: words,
  contact: 'team@example.org',
});

export const plan = {
  id: 'spring',
  title: 'Spring survey',
  instrument: 'three-languages',
  version: 1,
  wave: 'baseline',
  audience: { arms: ['partnership'], roles: ['teacher'] },
  mode: 'confidential',
  opens: '2026-03-01',
  closes: '2026-03-31',
  languages: ['en-GB', 'de'],
  information: { sheet: 'staff', version: 1 },
};

/** Call it in `beforeAll`. */
export async function planningWorld(): Promise<{ world: World; evaluator: Visitor }> {
  const world = await makeWorld({
    instruments: [await fixtureInstrument('three-languages.v1')],
    administrations: [{ id: 'running' }, { id: 'secret', mode: 'anonymous' }],
    study: { languages: ['en-GB', 'de'] },
  });
  const evaluator = await world.asEvaluator();
  world.setClock(new Date('2026-02-01T12:00:00Z'));
  const sheet = { sheet: 'staff', title: 'For staff', texts: { 'en-GB': text('Please.'), de: text('Bitte.') } };
  expect((await evaluator.send('POST', `${studyPath}/information`, sheet)).status).toBe(201);
  return { world, evaluator };
}
