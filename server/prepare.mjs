/**
 * Brings a checkout into a state that can run: Node new enough, packages installed, sources built. Does nothing, and
 * says nothing, when all of that is so already. Called by `npm start`, `npm test`, `npx fidelis` and, as a program,
 * by .ci/run. Plain JavaScript with no dependency, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

/** What the build reads, apart from documents. */
const SOURCES = ['server', 'client', 'instruments', 'analysis', 'tsconfig.json', 'package.json', 'package-lock.json'];

/** How many lines of a failed step's output are shown: npm says first what is wrong, compilers and tests last. */
const SHOWN = { first: 12, last: 30 };

/**
 * Prepares the checkout at `root`. `build: false` installs only; `development: true` wants the packages for the tests
 * too. Ends the process with exit code 1, after saying why, when a step fails.
 * @param {{ root?: string, build?: boolean, development?: boolean }} [options]
 */
export async function prepare({ root = checkout(), build = true, development = false } = {}) {
  const complaint = nodeComplaint(process.versions.node, requiredNode(root));
  if (complaint !== null) return fail(complaint);
  const ready = () => {
    const built = !build || isBuilt(root);
    return { built, installed: isInstalled(root, development || !built) };
  };
  const before = ready();
  if (before.built && before.installed) return;

  try {
    await withLock(
      join(root, 'dist', '.prepare-lock'),
      async () => {
        const now = ready();
        if (!now.installed) {
          const flags = ['--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
          await step('Installing packages', root, ['ci', ...flags, '--fetch-retries=5', '--fetch-timeout=60000']);
        }
        if (!now.built) {
          // Read before the build: what is edited meanwhile is built the next time.
          const stamp = sourceHash(root);
          await step('Building', root, ['run', 'build']);
          writeFileSync(stampPath(root), `${stamp}\n`);
        }
      },
      { onWait: (holder) => process.stderr.write(`Waiting for process ${holder}, which prepares this folder …\n`) },
    );
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

/** The folder above this file's, or above that when this is the copy in `dist`. */
function checkout() {
  const above = dirname(dirname(fileURLToPath(import.meta.url)));
  return existsSync(join(above, 'package.json')) ? above : dirname(above);
}

/** @param {string} root */
function requiredNode(root) {
  /** @type {{ engines: { node: string } }} */
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return engines.node.replace(/[^\d.]/g, '');
}

/**
 * A sentence when Node `version` is older than `required`; null when it will do.
 * @param {string} version
 * @param {string} required
 */
export function nodeComplaint(version, required) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = required.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return null;
  return `Fidelis needs Node ${required} or newer; this is Node ${version}. Get it from https://nodejs.org or your system's packages.`;
}

/**
 * Whether what npm says it has installed is what package-lock.json asks for, whoever installed it. Optional packages
 * may be missing: they are built for other platforms.
 * @param {string} root
 * @param {boolean} development whether the packages for building and testing are needed too
 */
export function isInstalled(root, development) {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const present = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (present === null || wanted === null) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, dev, devOptional, peer }]) => {
    if (path === '') return true;
    const found = present[path];
    if (found !== undefined) return found.version === version && found.integrity === integrity;
    return optional || peer || devOptional || (dev && !development);
  });
}

/**
 * npm writes the second of these files when an installation is complete, and only then.
 * @param {string} path
 * @returns {Record<string, Record<string, unknown>> | null}
 */
function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** @param {string} root */
function isBuilt(root) {
  try {
    return readFileSync(stampPath(root), 'utf8').trim() === sourceHash(root);
  } catch {
    return false;
  }
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'dist', '.fidelis-stamp');
}

/**
 * The SHA-256 of the names and contents of everything that the build reads.
 * @param {string} root
 */
export function sourceHash(root) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  };
  /** @param {string} folder */
  const walk = (folder) => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && !path.endsWith('.md')) add(path);
    }
  };
  for (const name of SOURCES) {
    if (!existsSync(join(root, name))) continue;
    if (name.includes('.')) add(name);
    else walk(name);
  }
  return hash.digest('hex');
}

/**
 * Runs npm with these arguments, one line on the terminal for all of it; rejects with the end of its output.
 * @param {string} title
 * @param {string} root
 * @param {string[]} args
 */
async function step(title, root, args) {
  const started = Date.now();
  process.stderr.write(`${title} …`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  // `npm start` names the npm that runs; started by hand, the one of the search path.
  const npm = process.env.npm_execpath;
  const viaNode = npm !== undefined && /\.[cm]?js$/.test(npm);
  const child = spawn(viaNode ? process.execPath : 'npm', viaNode ? [npm, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: !viaNode && process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  /** @type {string | null} */
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : `it ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  if (failure === null) {
    process.stderr.write(` ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    return;
  }
  process.stderr.write(' failed\n');
  const lines = output.trimEnd().split('\n');
  if (lines.length > SHOWN.first + SHOWN.last) lines.splice(SHOWN.first, lines.length - SHOWN.first - SHOWN.last, '…');
  throw new Error(`${lines.join('\n')}\n\n“npm ${args.slice(0, 2).join(' ')}” failed: ${failure}.`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare({ build: !process.argv.includes('--install-only'), development: true });
}
