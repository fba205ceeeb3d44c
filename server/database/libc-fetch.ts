/**
 * Fetches a newer GNU C library into a private folder, without touching the system and without being root: apt with
 * its own sources, state and cache, signatures checked, unpacked by `dpkg -x`. Called by libc.ts where the system's
 * library is too old for the embedded engine.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../lock.mjs';
import { type PackageSource, packageSources } from './apt-sources.ts';

const run = promisify(execFile);

/** The names that Debian and the C library give to a processor. */
const MACHINES: Record<string, { debian: string; triplet: string; loader: string }> = {
  x64: {
    debian: 'amd64',
    triplet: 'x86_64-linux-gnu',
    loader: 'ld-linux-x86-64.so.2',
  },
  arm64: {
    debian: 'arm64',
    triplet: 'aarch64-linux-gnu',
    loader: 'ld-linux-aarch64.so.1',
  },
};

/** An unpacked C library: its dynamic loader (a program) and the folder that its libraries are in. */
export type Libc = { loader: string; folder: string };

type Options = {
  cacheFolder: string;
  needed: string;
  progress: (line: string) => void;
  sources?: PackageSource[];
};

/**
 * The library in the cache folder, fetched there if it is not yet. Two processes that ask at once fetch it once.
 * Rejects with an Error whose message says what stood in the way, to be completed into a sentence by the caller.
 */
export async function fetchLibc({ cacheFolder, needed, progress, sources }: Options): Promise<Libc> {
  const machine = MACHINES[process.arch];
  if (machine === undefined) throw new Error(`no package is known for ${process.arch}`);
  const home = join(cacheFolder, `glibc-${needed}-${machine.debian}`);
  const cached = await libcIn(home, machine);
  if (cached !== null) return cached;

  return withLock(
    join(cacheFolder, 'lock'),
    async () => {
      const meanwhile = await libcIn(home, machine);
      if (meanwhile !== null) return meanwhile;
      const places = sources ?? packageSources();
      if (places.length === 0) throw new Error('apt knows no mirror of Debian or Ubuntu with its signing key');
      const started = Date.now();
      const failures: string[] = [];
      for (const place of places) {
        progress(`Fetching a newer C library for the embedded database (${place.name}, ${place.mirror}) …`);
        try {
          await fetchFrom(place, cacheFolder, home, machine, needed);
          progress(`C library ready in ${((Date.now() - started) / 1000).toFixed(1)} s: ${home}`);
          break;
        } catch (error) {
          failures.push(`${place.mirror}: ${reasonOf(error)}`);
        }
      }
      const libc = await libcIn(home, machine);
      if (libc === null) throw new Error(failures.join('; '));
      return libc;
    },
    {
      patienceMs: 900_000,
      onWait: (holder) => progress(`Waiting for process ${holder}, which fetches the C library …`),
    },
  );
}

type Machine = { debian: string; triplet: string; loader: string };

/** The library under an unpacked package; null where there is none. */
async function libcIn(home: string, machine: Machine): Promise<Libc | null> {
  for (const lib of ['usr/lib', 'lib']) {
    const folder = join(home, lib, machine.triplet);
    const loader = join(folder, machine.loader);
    try {
      await Promise.all([access(loader), access(join(folder, 'libc.so.6')), access(join(folder, 'libm.so.6'))]);
      return { loader, folder };
    } catch {
      // Look in the next place.
    }
  }
  return null;
}

async function fetchFrom(place: PackageSource, cacheFolder: string, home: string, machine: Machine, needed: string) {
  const work = await mkdtemp(join(cacheFolder, 'fetching-'));
  try {
    const config = await writeAptConfig(work, place, machine);
    const packages = join(work, 'packages');
    await apt(['-c', config, 'update'], packages);
    await apt(['-c', config, 'download', `libc6:${machine.debian}`], packages);
    const [file] = (await readdir(packages)).filter((name) => name.endsWith('.deb'));
    if (file === undefined) throw new Error('apt brought no package');
    const unpacked = join(work, 'unpacked');
    await run('dpkg', ['-x', join(packages, file), unpacked], {
      timeout: 60_000,
    });

    const libc = await libcIn(unpacked, machine);
    if (libc === null) throw new Error(`${file} has no C library in the expected place`);
    const { stdout } = await run(libc.loader, ['--version'], {
      timeout: 10_000,
    });
    const version = /version (\d+\.\d+)/.exec(stdout)?.[1];
    if (version === undefined || Number(version.split('.')[1]) < Number(needed.split('.')[1])) {
      throw new Error(`${file} holds version ${version ?? 'unknown'}, not ${needed} or newer`);
    }
    // Complete or not there at all: whoever looks never sees half a library.
    await rm(home, { recursive: true, force: true });
    await rename(unpacked, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Everything that apt reads or writes is inside `work`; proxies and certificates configured on the machine still hold. */
async function writeAptConfig(work: string, place: PackageSource, machine: Machine): Promise<string> {
  const folders = ['lists/partial', 'cache/archives/partial', 'packages'];
  await Promise.all(folders.map((folder) => mkdir(join(work, folder), { recursive: true })));
  await writeFile(join(work, 'status'), '');
  await writeFile(
    join(work, 'fidelis.sources'),
    `Types: deb\nURIs: ${place.mirror}\nSuites: ${place.suite}\nComponents: main\n` +
      `Architectures: ${machine.debian}\nSigned-By: ${place.keyring}\n`,
  );
  const quoted = (path: string) => `"${join(work, path)}"`;
  const config = join(work, 'apt.conf');
  await writeFile(
    config,
    `Dir::State ${quoted('.')};
Dir::State::lists ${quoted('lists')};
Dir::State::status ${quoted('status')};
Dir::Cache ${quoted('cache')};
Dir::Etc::SourceList ${quoted('fidelis.sources')};
Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "-";
Dir::Etc::PreferencesParts "-";
APT::Architecture "${machine.debian}";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::http::Timeout "15";
Acquire::https::Timeout "15";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
`,
  );
  return config;
}

/** apt's own timeouts do not cover a mirror that trickles; the whole call is given three minutes, twice. */
async function apt(args: string[], folder: string): Promise<void> {
  const env = {
    ...process.env,
    LC_ALL: 'C',
    DEBIAN_FRONTEND: 'noninteractive',
  };
  const call = () =>
    run('apt-get', ['-q', ...args], {
      cwd: folder,
      env,
      timeout: 180_000,
      maxBuffer: 16 * 1024 * 1024,
    });
  try {
    await call();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new Error('apt is not installed');
    await call();
  }
}

/** What apt said, without its progress: the lines that begin with E: or W:, else the error's own first line. */
function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const errors = stderr.split('\n').filter((line) => line.startsWith('E: '));
  const [first] = errors.length > 0 ? errors : String(error instanceof Error ? error.message : error).split('\n');
  return (first ?? '').replace(/^E: /, '').trim();
}
