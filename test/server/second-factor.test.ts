/** Two-factor sign-in: the vectors of RFC 6238, codes that work once, recovery codes, and who can take it away. */
import type { Express } from 'express';
import { Secret, TOTP } from 'otpauth';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../server/audit/store.ts';
import { accountOf, goodPassword, signedInAs, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: Express;
beforeAll(async () => {
  world = await makeWorld();
  ({ app } = world);
});
/** The middle of a time step, so that a code is not on the border of the next. */
const start = Date.parse('2026-11-02T09:00:15Z');
beforeEach(async () => {
  world.setClock(new Date(start));
  await world.context.db.collection('rateLimits').deleteMany({});
});

const codeAt = (secret: string, offsetSeconds = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: start + offsetSeconds * 1000 });

/** Somebody with two-factor sign-in, its secret and recovery codes. */
async function enrolled(email: string) {
  const visitor = await signedInAs(app, world.context, 'viewer', email);
  const { body } = await visitor.send('POST', '/api/session/second-factor/secret', { password: goodPassword });
  const on = await visitor.send('PUT', '/api/session/second-factor', { code: codeAt(body.secret) });
  return { visitor, secret: String(body.secret), svg: String(body.svg), codes: on.body.recoveryCodes as string[] };
}

/** Gives the right password; the code is still to come. */
async function half(email: string): Promise<Visitor> {
  const visitor = new Visitor(app);
  const answer = await visitor.signIn(email);
  expect(answer.body).toMatchObject({ account: null, codeNeeded: true });
  return visitor;
}
const give = (visitor: Visitor, code: string) => visitor.send('POST', '/api/session/second-factor', { code });

test('the codes are those of RFC 6238', () => {
  const secret = Secret.fromUTF8('12345678901234567890');
  const vectors: [number, string][] = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_234_567_890, '89005924'],
    [20_000_000_000, '65353130'],
  ];
  for (const [seconds, code] of vectors) {
    expect(new TOTP({ secret, digits: 8 }).generate({ timestamp: seconds * 1000 })).toBe(code);
  }
});

describe('two-factor sign-in', () => {
  test('is set up with the password and a first code, and then asked for', async () => {
    const visitor = await signedInAs(app, world.context, 'viewer', 'setting.up@example.org');
    const refused = await visitor.send('POST', '/api/session/second-factor/secret', { password: 'not it' });
    expect(refused.body.issues).toMatchObject([{ code: 'password-wrong' }]);
    const { body } = await visitor.send('POST', '/api/session/second-factor/secret', { password: goodPassword });
    expect(body.uri).toContain('otpauth://totp/Fidelis:setting.up%40example.org?');
    expect(body.svg).toMatch(/^<svg/);
    expect((await visitor.send('PUT', '/api/session/second-factor', { code: '000000' })).status).toBe(400);
    expect((await visitor.send('GET', '/api/session/second-factor')).body.on).toBe(false);
    const on = await visitor.send('PUT', '/api/session/second-factor', { code: codeAt(body.secret) });
    expect(new Set(on.body.recoveryCodes).size).toBe(10);
    expect((await visitor.send('GET', '/api/session/second-factor')).body).toMatchObject({
      on: true,
      recoveryCodes: 10,
    });
    const dump = JSON.stringify(await world.context.db.collection('second-factors').find().toArray());
    for (const secret of [body.secret, ...on.body.recoveryCodes]) {
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(String(secret).replaceAll('-', ''));
    }
    const later = await half('setting.up@example.org');
    expect((await later.send('GET', '/api/studies')).status).toBe(401);
    expect((await give(later, codeAt(body.secret, 30))).body).toMatchObject({ account: { role: 'viewer' } });
    expect((await later.send('GET', '/api/studies')).status).toBe(200);
  });

  test('takes codes of one step before and after, each once and none older than one that was used', async () => {
    const { secret } = await enrolled('steps@example.org');
    const visitor = await half('steps@example.org');
    for (const offset of [-60, 60, 0, -30]) expect((await give(visitor, codeAt(secret, offset))).status).toBe(400);
    world.setClock(new Date(start + 60_000));
    expect((await give(visitor, codeAt(secret, 30))).status).toBe(200);
    const again = await half('steps@example.org');
    expect((await give(again, codeAt(secret, 30))).status).toBe(400);
    expect((await give(again, codeAt(secret, 90))).status).toBe(200);
  });

  test('lets one code in once, also when it is given twice at the same moment', async () => {
    const { secret } = await enrolled('twice@example.org');
    const visitors = [await half('twice@example.org'), await half('twice@example.org')];
    const answers = await Promise.all(visitors.map((visitor) => give(visitor, codeAt(secret, 30))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  test('takes each recovery code once, in any spelling, and new ones in place of all', async () => {
    const { visitor, secret, codes } = await enrolled('recovering@example.org');
    const [first = '', second = ''] = codes;
    expect((await give(await half('recovering@example.org'), ` ${first.toLowerCase()} `)).status).toBe(200);
    expect((await give(await half('recovering@example.org'), first)).status).toBe(400);
    const renewed = await visitor.send('POST', '/api/session/second-factor/recovery-codes', {
      code: codeAt(secret, 30),
    });
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    expect((await give(await half('recovering@example.org'), second)).status).toBe(400);
    expect((await give(await half('recovering@example.org'), renewed.body.recoveryCodes[0])).status).toBe(200);
  });

  test('tells the audit whether a code came from the app or was a recovery code', async () => {
    const { visitor, secret, codes } = await enrolled('told@example.org');
    const { id } = (await visitor.look()).body.account;
    expect((await give(await half('told@example.org'), codes[0] ?? '')).status).toBe(200);
    expect((await give(await half('told@example.org'), codeAt(secret, 30))).status).toBe(200);
    const entries = world.context.db.collection<AuditEntry>('audit');
    const found = await entries.find({ verb: 'account.sign-in', 'actor.id': id }).sort({ _id: 1 }).toArray();
    // The first sign-in was before the second factor.
    expect(found.map(({ thing }) => thing)).toEqual([{}, { code: 'recovery-code' }, { code: 'authenticator' }]);
  });

  test('waits ten minutes for the code, and not beyond a change of the password', async () => {
    const { visitor, secret } = await enrolled('waiting@example.org');
    const late = await half('waiting@example.org');
    const changed = await half('waiting@example.org');
    world.setClock(new Date(start + 601_000));
    expect((await give(late, codeAt(secret, 600))).body.code).toBe('sign-in-expired');
    world.setClock(new Date(start));
    await visitor.send('PUT', '/api/session/password', { current: goodPassword, next: 'seven quiet herons wade' });
    expect((await give(changed, codeAt(secret, 30))).body.code).toBe('sign-in-expired');
    expect((await give(new Visitor(app), '123456')).status).toBe(403);
  });

  test('is refused after ten wrong codes, also with the right one', async () => {
    const { secret } = await enrolled('guessing@example.org');
    const visitor = await half('guessing@example.org');
    for (let at = 0; at < 10; at += 1) expect((await give(visitor, '000000')).status).toBe(400);
    expect((await give(visitor, codeAt(secret, 30))).status).toBe(429);
  });

  test('is turned off with a code, or by an administrator', async () => {
    const { visitor, secret } = await enrolled('leaving@example.org');
    expect((await visitor.send('POST', '/api/session/second-factor/off', { code: '000000' })).status).toBe(400);
    expect((await visitor.send('POST', '/api/session/second-factor/off', { code: codeAt(secret, 30) })).status).toBe(
      204,
    );
    expect((await new Visitor(app).signIn('leaving@example.org')).body.account).not.toBeNull();
    await enrolled('lost@example.org');
    const { id } = await accountOf(world.context, 'viewer', 'without@example.org');
    const administrator = await world.asAdministrator();
    expect((await administrator.send('DELETE', `/api/accounts/${id}/second-factor`)).status).toBe(404);
    const list = (await administrator.send('GET', '/api/accounts')).body.accounts as { id: string; email: string }[];
    const lost = list.find(({ email }) => email === 'lost@example.org');
    expect(lost).toMatchObject({ secondFactor: true });
    expect((await administrator.send('DELETE', `/api/accounts/${lost?.id}/second-factor`)).status).toBe(204);
    expect((await new Visitor(app).signIn('lost@example.org')).body.account).not.toBeNull();
  });
});
