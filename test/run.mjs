/**
 * `npm test`: installs and builds what is missing, finds a Chromium or installs one, and runs every test. Arguments are
 * passed on to vitest: `npm test -- test/server/config.test.ts`, `npm test -- --project pure`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../server/prepare.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const env = { ...process.env };

await prepare({ root, development: true });
if (wantsBrowser(args)) env.CHROMIUM_PATH = chromium();

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', '--config', join(root, 'test', 'vitest.config.ts'), ...args], {
  cwd: root,
  env,
  stdio: 'inherit',
});
child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
// Ctrl-C reaches vitest as well, which stops its engine before it ends: wait for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));

/**
 * All tests unless projects are named and the browser's is not among them.
 * @param {string[]} given
 */
function wantsBrowser(given) {
  const named = given.flatMap((arg, i) =>
    arg === '--project' ? [given[i + 1]] : arg.startsWith('--project=') ? [arg.slice(10)] : [],
  );
  return named.length === 0 || named.includes('browser');
}

/** The path of a Chromium that starts; ends the process with a sentence where there is none and none can be installed. */
function chromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given !== undefined && given !== '') {
    const path = starting(given);
    if (path !== null) return path;
    return stop(`CHROMIUM_PATH=${given} does not start. Name the program file of a Chromium or Chrome.`);
  }
  const found = firstStarting();
  if (found !== null) return found;

  if (process.getuid?.() === 0 && isDebian()) {
    process.stderr.write('Installing Chromium for the browser tests …\n');
    const options = ['-q', '-o', 'Acquire::Retries=3', '-o', 'Acquire::http::Timeout=30'];
    /** @type {import('node:child_process').SpawnSyncOptions} */
    const settings = {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'inherit', 'inherit'],
    };
    spawnSync('/usr/bin/apt-get', [...options, 'update'], settings);
    spawnSync('/usr/bin/apt-get', [...options, 'install', '-y', '--no-install-recommends', 'chromium'], settings);
    const installed = firstStarting();
    if (installed !== null) return installed;
  }
  return stop(
    'The browser tests need Chromium or Chrome, and none was found. Install one (Debian: sudo apt install chromium), or name\n' +
      'its program file in CHROMIUM_PATH. Without a browser: npm test -- --project pure --project server',
  );
}

function firstStarting() {
  for (const name of NAMES) {
    const path = starting(name);
    if (path !== null) return path;
  }
  return null;
}

/**
 * The full path of a program that tells its version; null when it does not.
 * @param {string} name
 */
function starting(name) {
  if (spawnSync(name, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status !== 0) return null;
  if (name.includes('/')) return name;
  const where = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' });
  return where.stdout.trim() || name;
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
