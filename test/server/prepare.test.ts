/** What `npm start` does before the server runs, on a small checkout of its own with the real scripts and the real npm. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, withLock } from '../../server/lock.mjs';
import { isInstalled, nodeComplaint, sourceHash } from '../../server/prepare.mjs';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fidelis-test-checkout-'));
  await mkdir(join(root, 'server'));
  for (const file of ['start.mjs', 'prepare.mjs', 'lock.mjs']) {
    await cp(new URL(`../../server/${file}`, import.meta.url), join(root, 'server', file));
  }
  await mkdir(join(root, 'leaf'));
  await writeFile(join(root, 'leaf', 'package.json'), JSON.stringify({ name: 'leaf', version: '1.0.0' }));
  await writeFile(join(root, 'server', 'main.mjs'), "process.stdout.write('running');");
  const dependencies = { leaf: 'file:leaf' };
  const manifest = { name: 'house', version: '1.0.0', type: 'module', dependencies };
  const scripts = { build: 'node build.mjs' };
  await writeFile(join(root, 'package.json'), JSON.stringify({ ...manifest, engines: { node: '>=20.19' }, scripts }));
  const packages = {
    '': manifest,
    leaf: { version: '1.0.0' },
    'node_modules/leaf': { resolved: 'leaf', link: true },
  };
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ ...manifest, lockfileVersion: 3, packages }));
  await writeFile(
    join(root, 'build.mjs'),
    "import { cpSync } from 'node:fs';\nimport 'leaf/package.json' with { type: 'json' };\n" +
      "cpSync('server/main.mjs', 'dist/server/main.js');\n",
  );
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function start(): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'server', 'start.mjs')], { env: cleanEnvironment() });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

/** Without what the npm that runs these tests has put there. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS|VITEST)/i.test(name)));
}

test('the first start installs and builds, the second does and says nothing, a change builds again', async () => {
  const first = await start();
  expect(first).toMatchObject({ code: 0, out: 'running' });
  expect(first.err).toMatch(/^Installing packages … \d+\.\d s\nBuilding … \d+\.\d s\n$/);
  expect(await start()).toEqual({ code: 0, out: 'running', err: '' });

  await writeFile(join(root, 'server', 'main.mjs'), "process.stdout.write('changed');");
  const third = await start();
  expect(third).toMatchObject({ code: 0, out: 'changed' });
  expect(third.err).toMatch(/^Building … \d+\.\d s\n$/);
});

/** `npm start` as npm runs it: in a shell of npm's that passes no signal on. Ready when the server has said how to stop. */
async function startUnderNpm(data: string): Promise<{ npm: ChildProcess; server: number; engine: number }> {
  const real = new URL('../../server/main.ts', import.meta.url).href;
  await writeFile(join(root, 'server', 'main.mjs'), `await import(${JSON.stringify(real)});`);
  const args = ['--import', import.meta.resolve('tsx'), join(root, 'server', 'start.mjs')];
  const shell = `require('node:child_process').spawn(process.execPath, ${JSON.stringify(args)}, { stdio: 'inherit' })`;
  const own = { npm_lifecycle_event: 'start', FIDELIS_DATA: data, FIDELIS_DEMO: 'off', PORT: '0' };
  const npm = spawn(process.execPath, ['-e', shell], { env: { ...cleanEnvironment(), ...own } });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.on('data', (text) => {
        output += text;
        if (output.includes('To stop')) resolve();
      });
    }
    npm.once('close', () => reject(new Error(`the server ended early: ${output}`)));
  });
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const childOf = (parent: number | undefined, script: string) => {
    const line = processes
      .map((text) => text.trim().split(/\s+/))
      .find(([, above, ...args]) => {
        return above === String(parent) && args.some((arg) => arg.endsWith(script));
      });
    return Number(line?.[0]);
  };
  const server = childOf(npm.pid, 'start.mjs');
  return { npm, server, engine: childOf(server, 'engine.mjs') };
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'server and engine end in order when npm is ended by %s and passes it on to nobody',
  async (signal) => {
    const data = join(root, 'data');
    const { npm, server, engine } = await startUnderNpm(data);
    expect([isAlive(server), isAlive(engine)]).toEqual([true, true]);
    npm.kill(signal);
    const deadline = Date.now() + 30_000;
    while ((isAlive(server) || isAlive(engine)) && Date.now() < deadline) await wait(50);
    const alive = [isAlive(server), isAlive(engine)];
    // A failure of this test leaves nothing behind; the engine follows.
    if (alive[0]) process.kill(server, 'SIGKILL');
    expect(alive).toEqual([false, false]);
    const left = await readdir(data);
    expect(left).toContain('WiredTiger');
    expect(left).not.toContain('engine.json');
    expect(left).not.toContain('server.json');
  },
  120_000,
);

test('two starts at once prepare once', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect([one.code, one.out, two.code, two.out]).toEqual([0, 'running', 0, 'running']);
  expect(`${one.err}${two.err}`.match(/Building/g)).toHaveLength(1);
});

test('a build that fails stops the start with the end of what it said', async () => {
  await writeFile(join(root, 'build.mjs'), "process.stderr.write('main.ts(3,1): error TS1005');\nprocess.exit(2);");
  const { code, out, err } = await start();
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('Building … failed');
  expect(err).toContain('main.ts(3,1): error TS1005');
  expect(err).toContain('“npm run build” failed: it ended with exit code 2.');
});

test('an older Node is told what is needed', () => {
  expect(nodeComplaint('20.19.0', '20.19')).toBeNull();
  expect(nodeComplaint('24.1.0', '20.19')).toBeNull();
  expect(nodeComplaint('20.18.3', '20.19')).toMatch(/needs Node 20\.19 or newer; this is Node 20\.18\.3/);
  expect(nodeComplaint('18.20.0', '20.19')).not.toBeNull();
});

test('an installation counts when every package is there in the version asked for, except those of other platforms', async () => {
  const lock = (packages: Record<string, unknown>) => JSON.stringify({ packages });
  const wanted = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/tool': { version: '2.0.0', integrity: 'y', dev: true },
    'node_modules/a-windows': { version: '1.0.0', integrity: 'z', optional: true },
  };
  await writeFile(join(root, 'package-lock.json'), lock(wanted));
  expect(isInstalled(root, false)).toBe(false);
  await mkdir(join(root, 'node_modules'));
  const present = join(root, 'node_modules', '.package-lock.json');
  await writeFile(present, lock({ 'node_modules/a': wanted['node_modules/a'] }));
  expect([isInstalled(root, false), isInstalled(root, true)]).toEqual([true, false]);
  await writeFile(present, lock({ 'node_modules/a': { version: '1.0.1', integrity: 'x' } }));
  expect(isInstalled(root, false)).toBe(false);
});

test('the hash of the sources tells a changed name from a changed content, and ignores documents', async () => {
  const before = sourceHash(root);
  await writeFile(join(root, 'server', 'README.md'), 'words');
  expect(sourceHash(root)).toBe(before);
  await writeFile(join(root, 'server', 'new.ts'), '');
  expect(sourceHash(root)).not.toBe(before);
});

test('a lock is held by one at a time and taken over from the dead', async () => {
  const path = join(root, 'lock');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await wait(30);
    inside -= 1;
  };
  await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);
  expect(most).toBe(1);
  // No process has this id: it is above the highest that Linux and macOS give.
  await writeFile(path, '99999999');
  await withLock(path, work);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
