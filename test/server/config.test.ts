/** The configuration from the environment, the server's secret, and the log. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { loadSecret } from '../../server/secret.ts';

let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-test-data-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

test('an empty environment gives the defaults', () => {
  const defaults = {
    port: 3000,
    host: '127.0.0.1',
    mongodbUri: undefined,
    dataFolder: resolve('data'),
    demo: true,
    publicUrl: 'http://127.0.0.1:3000',
    publicUrlGiven: false,
    secret: undefined,
    secretChanged: false,
    identityKeys: [],
    identityProvider: null,
    mail: null,
    designer: 'creator',
    logLevel: 'warn',
  };
  expect(loadConfig({})).toEqual(defaults);
  expect(loadConfig({ PORT: '', HOST: ' ', MONGODB_URI: '', PUBLIC_URL: '' })).toEqual(defaults);
});

test('what is set holds, and the address follows from host and port unless it is given', () => {
  expect(loadConfig({ PORT: '80', HOST: '0.0.0.0' }).publicUrl).toBe('http://127.0.0.1');
  expect(loadConfig({ PORT: '8080', HOST: '::1' }).publicUrl).toBe('http://[::1]:8080');
  expect(loadConfig({ PUBLIC_URL: 'https://survey.example.org/' })).toMatchObject({
    publicUrl: 'https://survey.example.org',
    publicUrlGiven: true,
  });
  expect(loadConfig({ FIDELIS_DEMO: 'off' }).demo).toBe(false);
  expect(loadConfig({ MONGODB_URI: 'mongodb+srv://cluster.example.org/x' }).mongodbUri).toContain('cluster');
});

test('every wrong value is listed at once, by name, without repeating secrets', () => {
  const wrong = {
    PORT: '70000',
    HOST: 'a b',
    MONGODB_URI: 'postgres://eva:hush@db',
    FIDELIS_DEMO: 'yes',
    PUBLIC_URL: 'https://survey.example.org/path',
    FIDELIS_SECRET: 'too short',
    LOG_LEVEL: 'loud',
  };
  let error: unknown;
  try {
    loadConfig(wrong);
  } catch (reason) {
    error = reason;
  }
  if (!(error instanceof ConfigError)) throw new Error('expected a ConfigError');
  expect(error.issues.map(({ name }) => name)).toEqual(Object.keys(wrong));
  for (const name of Object.keys(wrong)) expect(error.message).toContain(`  ${name} must `);
  expect(error.message).not.toMatch(/hush|too short/);
  for (const PORT of ['abc', '1.5', '-1', '65536', '1e99']) {
    expect(() => loadConfig({ PORT })).toThrow(/: *\n {2}PORT must be a whole number from 0 to 65535$/);
  }
  for (const PUBLIC_URL of ['ftp://x', 'survey.example.org', 'https://a:b@c']) {
    expect(() => loadConfig({ PUBLIC_URL })).toThrow('PUBLIC_URL must be');
  }
});

test('a generated secret is kept for this user alone and gives one key for each purpose', async () => {
  const config = { secret: undefined, dataFolder };
  // Two processes that start at once end with the same key.
  const [one, two] = await Promise.all([loadSecret(config), loadSecret(config)]);
  const again = await loadSecret(config);
  expect(two.derive('session')).toEqual(one.derive('session'));
  expect(again.derive('session')).toEqual(one.derive('session'));
  expect(one.derive('session')).toHaveLength(32);
  expect(one.derive('survey-links')).not.toEqual(one.derive('session'));
  expect((await stat(join(dataFolder, 'secret.key'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(dataFolder, 'secret.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
});

test('the key for a purpose is HKDF-SHA-256 of the given secret', async () => {
  const secret = await loadSecret({ secret: 'x'.repeat(32), dataFolder });
  await expect(stat(join(dataFolder, 'secret.key'))).rejects.toThrow('ENOENT');
  // RFC 5869 by two HMACs in Python: extract with the salt "fidelis", expand with the info "session" and 0x01.
  expect(secret.derive('session').toString('hex')).toBe(
    '68a0c720a2eb2264e33f025af682f11810d2a8929410e3dffce099d35102d109',
  );
});

test('a damaged secret stops the start instead of being replaced', async () => {
  await writeFile(join(dataFolder, 'secret.key'), 'half');
  await expect(loadSecret({ secret: undefined, dataFolder })).rejects.toThrow('a damaged secret.key');
  expect(await readFile(join(dataFolder, 'secret.key'), 'utf8')).toBe('half');
});

test('a folder in which the secret cannot be kept is named', async () => {
  await writeFile(join(dataFolder, 'file'), '');
  const failing = loadSecret({ secret: undefined, dataFolder: join(dataFolder, 'file', 'below') });
  await expect(failing).rejects.toThrow(/^The data folder .*below, or a part of its path, is a file\. Choose another/);
});

test('the log is JSON lines of the configured level, with credentials cut out wherever they slip in', () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog({ logLevel: 'info' }, destination);
  log.debug('not this');
  const headers = { cookie: 'hush', authorization: 'hush', 'x-csrf-token': 'hush', accept: 'text/html' };
  log.info(
    { req: { headers }, res: { headers: { 'set-cookie': 'hush' } }, body: { password: 'hush' }, token: 'hush' },
    'x',
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('hush');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    msg: 'x',
    req: { headers: { accept: 'text/html' } },
  });
});
