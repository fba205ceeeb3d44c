/**
 * How the embedded engine's process is started on this machine: plainly, or under a newer C library where the
 * system's is too old for the engine's build. Called by embedded.ts.
 */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseStartError } from './errors.ts';
import { fetchLibc } from './libc-fetch.ts';

/** A program and the arguments that come before the script. */
export type EngineCommand = { command: string; args: string[] };

/** The version of the C library that the engine was built against. */
const NEEDED = '2.38';

/** The platforms that the engine has a build for, as `${process.platform}-${process.arch}`. */
const BUILDS = ['linux-x64', 'linux-arm64', 'darwin-arm64'];

/**
 * The command that runs a script with a C library the engine can be loaded under. Fetches that library once into the
 * user's cache folder where it is needed, with a line about it through `progress`.
 *
 * Rejects with a DatabaseStartError `engine-unavailable`, which names MONGODB_URI, where the engine cannot run.
 */
export async function engineCommand(progress: (line: string) => void = writeLine): Promise<EngineCommand> {
  const platform = `${process.platform}-${process.arch}`;
  if (!BUILDS.includes(platform)) throw engineUnavailable(`it has no build for ${platform}`);
  if (process.platform !== 'linux') return { command: process.execPath, args: [] };

  const report = systemReport();
  if (report.glibc === null) throw engineUnavailable('it needs the GNU C library, which this system does not use');
  if (compareVersions(report.glibc, NEEDED) >= 0) return { command: process.execPath, args: [] };

  let libc: { loader: string; folder: string };
  try {
    libc = await fetchLibc({
      cacheFolder: cacheFolder(),
      needed: NEEDED,
      progress,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw engineUnavailable(
      `it needs GNU C library ${NEEDED}, this system has ${report.glibc}, and a newer one could not be fetched: ${reason}`,
      error,
    );
  }
  const path = [libc.folder, ...report.libraryFolders].join(':');
  return {
    command: libc.loader,
    args: ['--library-path', path, process.execPath],
  };
}

/** -1, 0 or 1 as the dotted number `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** Where the fetched library is kept: the user's cache folder, so that every copy of Fidelis shares it. */
function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'fidelis', 'libc');
}

/** The C library's version (null: not glibc) and the folders that this Node's own libraries were loaded from. */
function systemReport(): { glibc: string | null; libraryFolders: string[] } {
  // Without this, the report looks up the names of all open connections, which can take seconds. (Node has it since
  // 20.13; its type declarations do not.)
  const report: typeof process.report & { excludeNetwork?: boolean } = process.report;
  report.excludeNetwork = true;
  const value: unknown = report.getReport();

  const { header, sharedObjects } = value as {
    header?: { glibcVersionRuntime?: unknown };
    sharedObjects?: unknown;
  };
  const glibc = typeof header?.glibcVersionRuntime === 'string' ? header.glibcVersionRuntime : null;
  const loaded = Array.isArray(sharedObjects) ? sharedObjects.filter((path) => typeof path === 'string') : [];
  const folders = loaded.filter((path) => /^\/.*\.so(\.|$)/.test(path)).map((path) => dirname(path));
  return { glibc, libraryFolders: [...new Set(folders)] };
}

/** The one message for every machine on which the engine cannot run. */
export function engineUnavailable(reason: string, cause?: unknown): DatabaseStartError {
  return new DatabaseStartError(
    'engine-unavailable',
    `The embedded database cannot run here: ${reason}. Start a MongoDB server, for example with\n` +
      '  docker run -d --name fidelis-mongodb -p 127.0.0.1:27017:27017 -v fidelis-data:/data/db mongo:8\n' +
      'and start Fidelis with MONGODB_URI=mongodb://127.0.0.1:27017/fidelis',
    { cause },
  );
}

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
