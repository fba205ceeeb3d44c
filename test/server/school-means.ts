/** A study whose schools have means that can be worked by hand; for the tests of reports. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { makeWorld, type World } from './world.ts';

/**
 * What each person of a school says, on a scale from 1 to 3: elm-1 has a mean of 12 / 6 = 2, elm-2 of 2.5, oak-1 of 1.5, all
 * together 36 / 18 = 2.
 */
const said: Readonly<Record<string, readonly number[]>> = {
  'elm-1': [1, 2, 2, 2, 2, 3],
  'elm-2': [2, 2, 2, 3, 3, 3],
  'oak-1': [1, 1, 1, 2, 2, 2],
};

/** Every mean passes the gate but those of fewer than five people. */
export async function schoolMeans(): Promise<World> {
  const world = await makeWorld({
    administrations: [{ id: 'survey' }],
    study: { gate: { icc1: -1, icc2: -100, rwgJ: 0, minimumGroup: 5 } },
  });
  for (const [school, values] of Object.entries(said)) {
    const links = world.links('survey').filter(({ invitation }) => invitation.school === school);
    for (const [at, value] of values.entries()) await answer(world, links[at]?.path ?? '', value);
  }
  return world;
}

/** One person's answers through their link, all of them for the same value. */
export async function answer(world: World, path: string, value: number): Promise<void> {
  const answers = { role: 1, statements: { help: value, plan: value, alone: 4 - value }, took_part: false };
  const body = { key: randomUUID(), answers, consent: { information: 1, agreed: true } };
  const { status, text } = await request(world.app).post(`/api${path}/responses`).send(body);
  if (status !== 201) throw new Error(`${status} ${text}`);
}
