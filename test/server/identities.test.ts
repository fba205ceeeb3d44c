/** Names and e-mail addresses: encrypted field by field, bound to their place, read with every key that is given. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import type { Context } from '../../server/context.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { seal, UnreadableIdentity, unseal } from '../../server/identities/crypt.ts';
import { parseIdentityKeys } from '../../server/identities/keys.ts';
import { keysInUse, rotateKeys } from '../../server/identities/rotate.ts';
import {
  eraseIdentities,
  findIdentities,
  findPeopleByEmail,
  type Identity,
  removeIdentities,
  saveIdentities,
} from '../../server/identities/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const ada: Identity = { person: 'p1', name: 'Ada Example', email: 'Ada@Example.org', language: null };
const bo: Identity = { person: 'p2', name: null, email: 'bo@example.org', language: 'cy' };

let context: Context;
beforeAll(async () => {
  const database = await testDatabase();
  context = contextOn(database).context;
  await ensureIndexes(context.db);
  await saveIdentities(context, 'pilot', [ada, bo]);
});

const withKeys = (text: string): Context => ({
  ...context,
  config: loadConfig({ FIDELIS_IDENTITY_KEYS: text }),
});

test('what was saved is found again, and nothing readable is stored', async () => {
  expect(await findIdentities(context, 'pilot', ['p1', 'p2', 'p3'])).toEqual(
    new Map([
      ['p1', ada],
      ['p2', bo],
    ]),
  );
  const stored = JSON.stringify(await context.db.collection('identities').find().toArray());
  for (const text of ['Ada', 'xample', 'bo@']) expect(stored).not.toContain(text);
});

test('an address is found in any spelling, in its own study only', async () => {
  expect(await findPeopleByEmail(context, 'pilot', [' ADA@example.ORG ', 'nobody@example.org'])).toEqual(
    new Map([[' ADA@example.ORG ', ['p1']]]),
  );
  expect((await findPeopleByEmail(context, 'other', ['ada@example.org'])).size).toBe(0);
});

test('saving again replaces, and removing removes those who are named', async () => {
  await saveIdentities(context, 'gone', [ada, bo]);
  await saveIdentities(context, 'gone', [{ ...ada, name: 'Ada Other' }]);
  expect((await findIdentities(context, 'gone', ['p1'])).get('p1')?.name).toBe('Ada Other');
  expect(await removeIdentities(context.db, 'gone', ['p1'])).toBe(1);
  expect([...(await findIdentities(context, 'gone', ['p1', 'p2'])).keys()]).toEqual(['p2']);
  expect(await removeIdentities(context.db, 'gone', null)).toBe(1);
});

test('a value cannot be moved to another person, field or study, nor altered', () => {
  const place = { study: 'pilot', person: 'p1', field: 'name' };
  const value = seal(context, place, 'Ada Example');
  expect(unseal(context, place, value)).toBe('Ada Example');
  for (const other of [{ study: 'x' }, { person: 'p2' }, { field: 'email' }]) {
    expect(() => unseal(context, { ...place, ...other }, value)).toThrow(UnreadableIdentity);
  }
  const last = value.value.endsWith('A') ? 'B' : 'A';
  expect(() => unseal(context, place, { ...value, value: value.value.slice(0, -1) + last })).toThrow(
    UnreadableIdentity,
  );
  expect(seal(context, place, 'Ada Example').value).not.toBe(value.value);
});

test('the first key writes and every key reads', () => {
  const place = { study: 'pilot', person: 'p1', field: 'name' };
  const old = seal(withKeys(`a:${keyOf(1)}`), place, 'Ada');
  const both = withKeys(`b:${keyOf(2)},a:${keyOf(1)}`);
  expect(unseal(both, place, old)).toBe('Ada');
  expect(seal(both, place, 'Ada').key).toBe('b');
  expect(() => unseal(withKeys(`b:${keyOf(2)}`), place, old)).toThrow('encrypted with the key "a"');
});

test.each(['a', `a:${keyOf(1).slice(4)}`, `a:${keyOf(1)},a:${keyOf(2)}`, `installation:${keyOf(1)}`, `A:${keyOf(1)}`])(
  'the keys "%s" are refused',
  (text) => {
    expect(parseIdentityKeys(text)).toBeNull();
    expect(() => loadConfig({ FIDELIS_IDENTITY_KEYS: text })).toThrow('FIDELIS_IDENTITY_KEYS must be keys like');
  },
);

describe('rotating keys', () => {
  const people = Array.from({ length: 1200 }, (_, at) => ({
    person: `p${String(at).padStart(4, '0')}`,
    name: `Name ${at}`,
    email: at % 3 === 0 ? null : `p${at}@example.org`,
    language: null,
  }));
  const first = `one:${keyOf(1)}`;
  const both = `two:${keyOf(2)},one:${keyOf(1)}`;
  const fieldsOf = (some: readonly Identity[]) =>
    some.flatMap(({ name, email }) => [name, email].filter((field) => field !== null)).length;
  const read = async (keys: string, study: string) => [
    ...(
      await findIdentities(
        withKeys(keys),
        study,
        people.map(({ person }) => person),
      )
    ).values(),
  ];

  beforeEach(async () => {
    await context.db.collection('identities').deleteMany({});
    await saveIdentities(withKeys(first), 'turn', people);
  });

  test('seals everything with the first key, after which the former one may go', async () => {
    expect(await keysInUse(withKeys(both))).toEqual([
      { key: 'two', fields: 0, state: 'first' },
      { key: 'one', fields: fieldsOf(people), state: 'given' },
      { key: 'installation', fields: 0, state: 'given' },
    ]);
    expect(await rotateKeys(withKeys(both))).toEqual({ key: 'two', people: 1200, unreadable: {} });
    expect(await read(`two:${keyOf(2)}`, 'turn')).toEqual(people);
    expect(await rotateKeys(withKeys(both))).toEqual({ key: 'two', people: 0, unreadable: {} });
    expect(await findPeopleByEmail(context, 'turn', ['P1@example.org'])).toEqual(
      new Map([['P1@example.org', ['p0001']]]),
    );
  });

  test('goes on where it was cut off', async () => {
    const cut = new Error('cut off');
    await expect(
      rotateKeys(withKeys(both), () => {
        throw cut;
      }),
    ).rejects.toBe(cut);
    expect(await read(both, 'turn')).toEqual(people);
    expect(await rotateKeys(withKeys(both))).toEqual({ key: 'two', people: 700, unreadable: {} });
    expect(await read(`two:${keyOf(2)}`, 'turn')).toEqual(people);
  });

  test('tells the id of a key that is missing and loses nothing of what it sealed', async () => {
    await saveIdentities(withKeys(`three:${keyOf(3)}`), 'turn', people.slice(0, 2));
    const without = await rotateKeys(withKeys(both));
    expect(without).toEqual({ key: 'two', people: 1198, unreadable: { three: fieldsOf(people.slice(0, 2)) } });
    expect((await keysInUse(withKeys(both))).find(({ key }) => key === 'three')).toEqual({
      key: 'three',
      fields: fieldsOf(people.slice(0, 2)),
      state: 'missing',
    });
    const whole = `${both},three:${keyOf(3)}`;
    expect(await rotateKeys(withKeys(whole))).toEqual({ key: 'two', people: 2, unreadable: {} });
    expect(await read(`two:${keyOf(2)}`, 'turn')).toEqual(people);
  });
});

test('who was erased stays erased, also when an import still knows them', async () => {
  await saveIdentities(context, 'forgets', [ada, bo]);
  expect(await eraseIdentities(context.db, 'forgets', ['p1', 'p9'])).toBe(1);
  expect(await eraseIdentities(context.db, 'forgets', ['p1'])).toBe(0);
  await saveIdentities(context, 'forgets', [ada, { ...bo, name: 'Bo' }, { ...ada, person: 'p9' }]);
  const found = await findIdentities(context, 'forgets', ['p1', 'p2', 'p9']);
  expect([...found.values()]).toEqual([{ ...bo, name: 'Bo' }]);
  expect((await findPeopleByEmail(context, 'forgets', ['ada@example.org'])).size).toBe(0);
  expect(await eraseIdentities(context.db, 'forgets', null)).toBe(1);
});
