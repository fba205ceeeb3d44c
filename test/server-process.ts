/**
 * The built server as a process of its own, on a data folder and a port of its own: what people start, and not a part of
 * it. Used by the flow test and the benchmarks; `npm test` and `npm run bench` build before.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../server/package-root.ts';

export interface ServerProcess {
  /** Like `http://127.0.0.1:41234`, without a slash at the end. */
  readonly origin: string;
  readonly dataFolder: string;
  readonly pid: number;
  /** The address after `label` among the lines that the server prints; null when there is none. */
  printed(label: string): string | null;
  /** Ends the server as Ctrl-C does and removes its data folder, unless that was given. */
  close(): Promise<void>;
  /** Ends the server as a power cut does; its data folder stays. */
  kill(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly environment?: Record<string, string>;
  /** Arguments of Node itself, like `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  /** A data folder that is there already and stays afterwards. */
  readonly dataFolder?: string;
  /** How long the start may take, in milliseconds. */
  readonly patience?: number;
}

const lastLine = 'To stop';

/** Starts `dist/server/main.js` and waits for the addresses that it prints. Rejects with its output when it ends before. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'fidelis-test-data-')));
  const port = await freePort();
  const main = join(packageRoot, 'dist', 'server', 'main.js');
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), main], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      FIDELIS_DATA: dataFolder,
      LOG_LEVEL: 'warn',
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const close = async () => {
    await end(child);
    if (options.dataFolder !== undefined) return;
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const output = await untilPrinted(child, options.patience ?? 120_000);
    return {
      origin: `http://127.0.0.1:${port}`,
      dataFolder,
      pid: child.pid ?? 0,
      printed: (label) => new RegExp(`${label}[^\\n]*?(http://\\S+)`).exec(output)?.[1] ?? null,
      close,
      async kill() {
        child.kill('SIGKILL');
        await once(child, 'exit');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function untilPrinted(child: ChildProcess, patience: number): Promise<string> {
  let output = '';
  let errors = '';
  return new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start in time: ${errors}${output}`)), patience);
    child.stderr?.on('data', (data) => {
      errors = (errors + String(data)).slice(-4000);
    });
    child.stdout?.on('data', (data) => {
      // Read on and forgotten afterwards: a full pipe would stop the server.
      if (output.includes(lastLine)) return;
      output += String(data);
      if (!output.includes(lastLine)) return;
      clearTimeout(timer);
      resolve(output);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the server ended early (${signal ?? code}): ${errors}${output}`));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGINT');
  await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
