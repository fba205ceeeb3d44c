/**
 * Drafts whose publishing stops half-way, by what the database refuses or by a server that ends: the sweeper or whoever publishes
 * again goes on, and a draft that cannot become a version is open again. None stays half-way.
 */
import { beforeEach, expect, test } from 'vitest';
import { findItemMap, keepItemMap } from '../../server/instruments/item-maps.ts';
import { findInstrumentVersion } from '../../server/instruments/store.ts';
import { sweep } from '../../server/sweeper.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let ada: Visitor;
const drafts = '/api/instrument-drafts';
const why = 'The pilot asked for it.';

beforeEach(async () => {
  world = await makeWorld();
  world.setClock(new Date('2026-03-02T09:00:00Z'));
  ada = await world.asAdministrator();
});

async function begin(title: string): Promise<{ id: string; revision: number }> {
  const { body } = await ada.send('POST', drafts, { from: 'version', instrument: 'staffroom', version: 1 });
  const instrument = { ...body.json, title };
  const { revision } = (await ada.send('PUT', `${drafts}/${body.id}`, { revision: 1, instrument })).body;
  return { id: body.id, revision };
}
const publish = ({ id, revision }: { id: string; revision: number }) =>
  ada.send('POST', `${drafts}/${id}/publish`, { revision, latest: 1, why });
const draftOf = async ({ id }: { id: string }) => (await ada.send('GET', `${drafts}/${id}`)).body;
const stored = () => world.context.db.collection<{ _id: string }>('instrument-drafts');
const maps = () => world.context.db.collection<{ _id: string }>('itemmaps');

/** A map that is there already: the version is inserted, and its own map is refused. */
async function stopAtTheMap(): Promise<void> {
  const map = { instrument: 'staffroom', from: 1, to: 2, items: [], decisions: [] };
  await keepItemMap(world.context.db, { map, at: new Date('2026-01-01T00:00:00Z'), by: 'x' });
}

/** As a server leaves it that ends when the draft has its number. */
const claimed = (id: string, more: object = {}) =>
  stored().updateOne(
    { _id: id },
    {
      $set: { state: 'publishing', version: 2, publication: { by: 'x', why, decisions: [], at: new Date(0) }, ...more },
    },
  );

test('the version is inserted and its map is not: the draft is on its way, and the sweeper ends it', async () => {
  const draft = await begin('Second form');
  await stopAtTheMap();
  expect((await publish(draft)).status).toBe(409);
  expect(await draftOf(draft)).toMatchObject({ state: 'publishing', version: 2 });
  const save = { revision: draft.revision, instrument: { id: 'staffroom' } };
  const late = await ada.send('PUT', `${drafts}/${draft.id}`, save);
  expect(late).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
  expect(late.body.detail).toContain('is becoming version 2');
  // A moment later its server may still be at work.
  await sweep(world.context);
  expect((await draftOf(draft)).state).toBe('publishing');

  await maps().deleteOne({ _id: 'staffroom@2' });
  world.setClock(new Date('2026-03-02T09:02:00Z'));
  await sweep(world.context);
  expect((await draftOf(draft)).state).toBe('published');
  expect((await findItemMap(world.context.db, 'staffroom', 2))?.map).toMatchObject({ from: 1, to: 2 });
});

test.each(['again', 'by the sweeper'])(
  'a draft with a number and no version becomes it when it is published %s',
  async (by) => {
    const draft = await begin('Third form');
    await claimed(draft.id);
    if (by === 'again') expect((await publish(draft)).body).toMatchObject({ version: 2 });
    else await sweep(world.context);
    expect(await draftOf(draft)).toMatchObject({ state: 'published', version: 2 });
    expect((await findInstrumentVersion(world.context.db, 'staffroom', 2))?.instrument.title).toBe('Third form');
    expect(await findItemMap(world.context.db, 'staffroom', 2)).not.toBeNull();
    expect(await findInstrumentVersion(world.context.db, 'staffroom', 3)).toBeNull();
  },
);

test('a draft that cannot be published, or whose number another has taken, is open again', async () => {
  const [broken, late, other] = [await begin('Broken'), await begin('Late'), await begin('Other')];
  await claimed(broken.id, { json: JSON.stringify({ id: 'staffroom', title: '' }) });
  await sweep(world.context);
  expect(await draftOf(broken)).toMatchObject({ state: 'open', version: null });

  expect((await publish(other)).status).toBe(200);
  await claimed(late.id);
  expect((await publish(late)).body).toMatchObject({ code: 'version-newer', latest: 2 });
  expect(await draftOf(late)).toMatchObject({ state: 'open', version: null });
});
