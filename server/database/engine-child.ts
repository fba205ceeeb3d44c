/** One run of the engine's process: started, found at the stable address, ended. Called by embedded.ts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineCommand } from './libc.ts';

/** A child whose engine is open. `ended` resolves, when it has ended, with how: a signal or an exit code. */
export type RunningChild = { child: ChildProcess; ended: Promise<string> };

type Launch = { command: EngineCommand; dataFolder: string; privateFolder: string; socketPath: string };

/** Starts a child and resolves when its engine answers at `socketPath`; rejects with the engine's reason otherwise. */
export async function launchChild({ command, dataFolder, privateFolder, socketPath }: Launch): Promise<RunningChild> {
  const { child, ended, address } = spawnChild(command, dataFolder, privateFolder);
  await pointTo(await address, socketPath);
  return { child, ended };
}

/** Starts engine.mjs. `address` is the socket it listens on, or rejects; `ended` resolves with how it ended. */
function spawnChild(command: EngineCommand, dataFolder: string, privateFolder: string) {
  const script = fileURLToPath(new URL('./engine.mjs', import.meta.url));
  const child = spawn(command.command, [...command.args, script, dataFolder, privateFolder], {
    // Only what it needs: the server's secrets stay in the server, and NODE_OPTIONS may name loaders it must not load.
    env: { TMPDIR: privateFolder, PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4_000);
  });

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => {
      // The engine's own words may quote documents, so they are searched for the one known cause and never logged.
      const full = /No space left on device/i.test(complaint) ? ': no space left on device' : '';
      resolve(`${signal === null ? `exit code ${code}` : signal}${full}`);
    });
  });
  const address = new Promise<string>((resolve, reject) => {
    child.on('message', (message: unknown) => {
      const { type, socketPath, message: reason } = message as Record<string, unknown>;
      if (type === 'open') resolve(String(socketPath));
      if (type === 'failed') reject(new Error(String(reason)));
    });
    void ended.then((how) => reject(new Error(`the engine's process ended (${how})`)));
  });
  return { child, ended, address };
}

/** Lets the stable path lead to the engine's present socket, in one step, and clears away its predecessor's folder. */
async function pointTo(target: string, stablePath: string): Promise<void> {
  const aside = `${stablePath}.new`;
  const former = await readlink(stablePath).catch(() => null);
  await rm(aside, { force: true });
  await symlink(relative(dirname(stablePath), target), aside);
  await rename(aside, stablePath);
  if (former !== null)
    await rm(dirname(join(dirname(stablePath), former)), {
      recursive: true,
      force: true,
    });
}

/** Asks the child to close the engine; kills it when it does not. */
export async function endChild({ child, ended }: RunningChild): Promise<void> {
  if (child.connected) child.send('close', () => {});
  const deadline = setTimeout(() => child.kill('SIGKILL'), 12_000);
  await ended;
  clearTimeout(deadline);
}
