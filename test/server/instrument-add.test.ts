/** `fidelis instruments add`: the same checks as the publishing of a draft, and an item map against the version before. */
import { beforeAll, expect, test } from 'vitest';
import { addInstrument } from '../../server/instruments/add.ts';
import { findItemMap } from '../../server/instruments/item-maps.ts';
import { findInstrumentVersion } from '../../server/instruments/store.ts';
import { Problem } from '../../server/problems.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

type Json = Record<string, unknown>;
const record = { by: 'command line', why: 'For the second wave.' };
const add = (json: unknown) => addInstrument(world.context, json, record);
const mapOf = async (version: number) => (await findItemMap(world.context.db, 'staffroom', version))?.map;

/** The fixture with another number, some words replaced. */
async function versioned(version: number, from = '', to = '', more: Json = {}): Promise<Json> {
  const text = JSON.stringify(await fixtureInstrument('staffroom.v1')).replaceAll(from || '\u0000', to);
  return { ...JSON.parse(text), version, ...more };
}

async function refusal(json: unknown) {
  const problem = await add(json).then(
    () => null,
    (error: unknown) => error,
  );
  if (!(problem instanceof Problem)) throw new Error('it was not refused');
  return { code: problem.code, issues: (problem.issues ?? []).map(({ code, path }) => `${code} ${path}`), problem };
}

test('the next version is published with its item map; the same again changes nothing', async () => {
  const json = await versioned(2, 'We help each other.', 'Colleagues offer one another a hand.');
  expect(await add(json)).toMatchObject({ id: 'staffroom', version: 2, created: true });
  const map = await mapOf(2);
  expect(map).toMatchObject({ from: 1, to: 2, decisions: [] });
  expect(map?.items.find(({ item }) => item === 'help')).toMatchObject({ rule: 'reworded', grade: 'linkable' });
  expect(await add(json)).toMatchObject({ version: 2, created: false });
  // As it would be if the process had ended between the two.
  await world.context.db.collection<{ _id: string }>('itemmaps').deleteOne({ _id: 'staffroom@2' });
  expect(await add(json)).toMatchObject({ created: false });
  expect(await mapOf(2)).toEqual(map);
  expect(await refusal({ ...json, title: 'Another' })).toMatchObject({ code: 'already-exists' });
});

test('what the checks call an error is refused, and nothing is stored', async () => {
  const holder = { holder: 'A publisher', note: '' };
  for (const status of ['missing', 'requested']) {
    const asked = await refusal(await versioned(3, '', '', { permission: { ...holder, status } }));
    expect(asked).toMatchObject({ code: 'invalid-instrument', issues: ['permission-missing permission.status'] });
  }
  expect((await refusal(await versioned(5))).issues).toEqual(['version-number version']);
  // An error of the checks alone: the parser takes a page that nobody can reach.
  const unreachable = await versioned(3);
  const survey = unreachable.survey as { pages: Json[] };
  survey.pages.push({
    ...{ name: 'never', visibleIf: '{role} = 99' },
    elements: [{ type: 'comment', name: 'more', title: 'Anything else?' }],
  });
  expect((await refusal(unreachable)).code).toBe('invalid-instrument');
  for (const version of [3, 5]) expect(await findInstrumentVersion(world.context.db, 'staffroom', version)).toBeNull();
});

test('a change that makes another item of one is refused until the file decides about it', async () => {
  const words = ['Colleagues offer one another a hand.', 'We do not help each other.'] as const;
  const turned = await versioned(3, 'We help each other.', words[1]);
  const { code, issues, problem } = await refusal(turned);
  expect([code, issues]).toEqual(['invalid-instrument', ['decision-needed changes']]);
  expect(problem.issues?.[0]?.message).toContain('{"item": "help", "what": "wording"');
  expect(await findInstrumentVersion(world.context.db, 'staffroom', 3)).toBeNull();

  const decision = { item: 'help', what: 'wording', grade: 'breaking', mapping: 'It asks the contrary now.' };
  expect(await add({ ...turned, changes: [decision] })).toMatchObject({ version: 3, created: true });
  const map = await mapOf(3);
  expect(map?.decisions).toEqual([
    { item: 'help', what: 'wording', grade: 'breaking', note: 'It asks the contrary now.' },
  ]);
  expect(map?.items.filter(({ item, from }) => item === 'help' || from === 'help').map(({ rule }) => rule)).toEqual([
    'new',
    'dropped',
  ]);
});
