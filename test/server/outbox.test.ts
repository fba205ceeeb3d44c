/** The outbox: each message once, by its key. */
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import type { Message } from '../../server/outbox/message.ts';
import { enqueue } from '../../server/outbox/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

let context: Context;
beforeAll(async () => {
  context = contextOn(await testDatabase()).context;
  await ensureIndexes(context.db);
});

const message = (key: string): Message => ({
  key,
  kind: 'invitation',
  to: { kind: 'person', study: 'pilot', person: 'p1' },
  study: 'pilot',
  about: { invitation: 'i1' },
  sendAfter: null,
});

test('a message that is asked for again is there already', async () => {
  expect(await enqueue(context, [message('a'), message('b')])).toBe(2);
  expect(await enqueue(context, [message('b'), message('c')])).toBe(1);
  expect(await enqueue(context, [])).toBe(0);
});

test('of many who ask at once for the same message one is told that it is new', async () => {
  const added = await Promise.all(Array.from({ length: 20 }, () => enqueue(context, [message('together')])));
  expect(added.reduce((sum, n) => sum + n, 0)).toBe(1);
});
