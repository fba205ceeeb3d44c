/** What the respondent's page keeps on the device, and which answers it goes on with. */
import { describe, expect, test } from 'vitest';
import { type Kept, makeKey, openShelf } from '../../client/respondent/device.ts';
import { findKept, newerOf } from '../../client/respondent/resume.ts';
import type { RemoteDraft } from '../../client/respondent/server.ts';

/** The browser's storage, with room for `limit` characters. */
class Room implements Storage {
  readonly items = new Map<string, string>();
  readonly limit: number;
  constructor(limit = 1_000_000) {
    this.limit = limit;
  }
  get length() {
    return this.items.size;
  }
  key(index: number) {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(name: string) {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string) {
    if (value.length > this.limit) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(name, value);
  }
  removeItem(name: string) {
    this.items.delete(name);
  }
  clear() {
    this.items.clear();
  }
}

const at = (text: string) => Date.parse(text);
const now = at('2026-11-22T10:00:00Z');
const kept: Kept = {
  key: '0b0e7a3e-6a0c-4d3f-9a53-0a8f3c1d2e4f',
  answers: { role: 1 },
  page: 1,
  consent: { information: 1, agreed: true, agreedAt: '2026-11-22T09:00:00.000Z' },
  changedAt: now,
  savedAt: '2026-11-22T09:30:00.000Z',
  unsaved: true,
  sending: null,
};
const draft: RemoteDraft = {
  answers: { role: 2 },
  page: 2,
  savedAt: '2026-11-22T09:45:00.000Z',
  consent: { information: 1, agreedAt: '2026-11-22T08:00:00.000Z' },
};

describe('the shelf on the device', () => {
  test('gives back what was put there, also after the page was closed, and nothing to another link', () => {
    const room = new Room();
    openShelf('one', room, now).write(kept);
    expect(openShelf('one', room, now).read()).toEqual(kept);
    expect(openShelf('two', room, now).read()).toBeNull();
  });

  test('holds nothing after it was cleared', () => {
    const room = new Room();
    const shelf = openShelf('one', room, now);
    shelf.write(kept);
    shelf.clear();
    expect([shelf.read(), room.length]).toEqual([null, 0]);
  });

  test('falls back to memory where there is no room, and says that it does not last', () => {
    for (const storage of [null, new Room(10)]) {
      const shelf = openShelf('one', storage, now);
      shelf.write(kept);
      expect(shelf.read()).toEqual(kept);
      expect(shelf.lasting).toBe(false);
    }
  });

  test('takes what it cannot read for nothing', () => {
    const room = new Room();
    for (const text of ['', '{', 'null', '7', '{"key":1}']) {
      room.setItem('fidelis-answers:one', text);
      expect(openShelf('one', room, now).read()).toBeNull();
    }
  });

  test('lets go of answers that nobody went on with for ninety days, and of nothing else', () => {
    const room = new Room();
    room.setItem('theme', 'dark');
    openShelf('old', room, now).write({ ...kept, changedAt: at('2026-08-01T00:00:00Z') });
    openShelf('recent', room, now).write({ ...kept, changedAt: at('2026-10-01T00:00:00Z') });
    openShelf('one', room, now);
    expect([...room.items.keys()]).toEqual(['theme', 'fidelis-answers:recent']);
  });
});

test('a key is a UUID also where randomUUID is missing', () => {
  const getRandomValues = crypto.getRandomValues.bind(crypto);
  const keys = Array.from({ length: 100 }, () => makeKey({ getRandomValues }));
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(keys).size).toBe(100);
});

describe('which answers to go on with', () => {
  test('those of the device when the server has none, or the same', () => {
    expect(newerOf(kept, null)).toBe(kept);
    expect(newerOf(kept, { ...draft, savedAt: kept.savedAt ?? '' })).toBe(kept);
  });

  test('those of the server when the device has none, with the consent that was given', () => {
    const found = newerOf(null, draft);
    expect(found).toMatchObject({ answers: { role: 2 }, page: 2, savedAt: draft.savedAt, unsaved: false });
    expect(found?.consent).toEqual({ information: 1, agreed: true, agreedAt: draft.consent.agreedAt });
  });

  test('the newer ones when both changed, and the key of this device stays', () => {
    expect(newerOf(kept, draft)).toBe(kept);
    const older = { ...kept, changedAt: at('2026-11-22T09:40:00Z') };
    expect(newerOf(older, draft)).toMatchObject({ key: kept.key, answers: { role: 2 } });
    expect(newerOf({ ...kept, unsaved: false }, draft)).toMatchObject({ answers: { role: 2 } });
  });

  test('those that are being sent, always', () => {
    const sending = { ...kept, changedAt: 0, sending: { paradata: {} } };
    expect(newerOf(sending, draft)).toBe(sending);
  });

  test('the server is asked only where it has something else, and its silence is told', async () => {
    const never = { loadDraft: () => Promise.reject(new Error('must not be asked')) };
    const silent = { loadDraft: () => Promise.resolve({ kind: 'unreached', retryAfterMs: 0 } as const) };
    const answering = { loadDraft: () => Promise.resolve({ kind: 'done', value: draft } as const) };
    expect(await findKept(kept, null, never)).toBe(kept);
    expect(await findKept(kept, kept.savedAt, never)).toBe(kept);
    expect(await findKept(null, draft.savedAt, silent)).toBe('unreached');
    expect(await findKept(kept, draft.savedAt, silent)).toBe(kept);
    expect(await findKept(null, draft.savedAt, answering)).toMatchObject({ answers: { role: 2 } });
  });
});
