/**
 * What every command shares: a context on the database (of the running server, or on an engine started for the moment),
 * results on standard output, progress and refusals on standard error, and the exit code.
 */
import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { pino } from 'pino';
import { type Config, ConfigError, loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { connectDatabase } from '../database/connect.ts';
import { holdsData, prepareDataFolder } from '../database/data-folder.ts';
import { DatabaseStartError } from '../database/errors.ts';
import { ensureIndexes } from '../database/models.ts';
import { problemOf } from '../problem-of.ts';
import { findRunningServer } from '../running-server.ts';
import { loadSecret, secretOf } from '../secret.ts';

/** Exit codes: done, refused, wrong usage. */
export const exitCodes = { done: 0, refused: 1, usage: 2 } as const;

/** Thrown for a command that cannot be meant as it was typed; the message says how it is typed. */
export class WrongUsage extends Error {}

/** A result: what `--json` prints, and the same in lines for people. */
export interface Result {
  readonly json: unknown;
  readonly lines: readonly string[];
}

/** Gives the command `--json` and an action whose result is printed and whose refusal is told. */
export function act<O extends object>(
  command: Command,
  action: (options: O, ...values: string[]) => Promise<Result>,
): Command {
  return command.option('--json', 'print the result as JSON').action(async (...given: unknown[]) => {
    const values = given.slice(0, -2) as string[];
    const options = given.at(-2) as O & { json?: boolean };
    try {
      const { json, lines } = await action(options, ...values);
      await print(options.json ? `${JSON.stringify(json, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''));
    } catch (error) {
      if (error instanceof WrongUsage) {
        process.stderr.write(`error: ${error.message}\n`);
        process.exitCode = exitCodes.usage;
        return;
      }
      process.exitCode = exitCodes.refused;
      const refusal = refusalOf(error);
      if (options.json) await print(`${JSON.stringify({ problem: refusal }, null, 2)}\n`);
      else process.stderr.write(`${inWords(refusal)}\n`);
    }
  });
}

/**
 * Runs something with a context, and closes what was opened for it. What needs data that are there already is refused
 * (`data-folder-missing`) where there are none; with `creates` a data folder is made, and said to have been; `sealed`: identities or links are read or written.
 */
export async function withContext<T>(
  use: (context: Context) => Promise<T>,
  { creates = false, sealed = false }: { creates?: boolean; sealed?: boolean } = {},
): Promise<T> {
  const config = await withRunningAddress(loadConfig(process.env));
  if (creates) await makeDataFolder(config);
  else if (!hasData(config)) throw noData(config);
  // Results go to standard output; only what is worse than a warning is worth a line beside them.
  const log = pino({ level: config.logLevel === 'debug' ? 'debug' : 'error' }, pino.destination(2));
  // Reading signs no link: beside a database elsewhere, no secret is made and kept for it. What is sealed needs it.
  const keeps = creates || sealed || config.mongodbUri === undefined || config.secret !== undefined;
  const secret = keeps ? await loadSecret(config) : secretOf(randomBytes(32));
  const { mongodbUri, dataFolder } = config;
  const database = await connectDatabase({ mongodbUri, dataFolder, log, join: true });
  try {
    await ensureIndexes(database.connection);
    return await use({ db: database.connection, config, log, secret, clock: () => new Date() });
  } finally {
    await database.close();
  }
}

/** Whether there are data to read: on a server always, as far as can be told without asking it. */
export function hasData({ mongodbUri, dataFolder }: Pick<Config, 'mongodbUri' | 'dataFolder'>): boolean {
  return mongodbUri !== undefined || holdsData(dataFolder);
}

function noData({ dataFolder }: Config): DatabaseStartError {
  return new DatabaseStartError(
    'data-folder-missing',
    `There are no Fidelis data in ${dataFolder}. Go to the folder where the server was started, or name its data ` +
      'folder with FIDELIS_DATA; npm start makes a new one.',
  );
}

async function makeDataFolder({ mongodbUri, secret, dataFolder }: Config): Promise<void> {
  // On a server the folder keeps the secret alone.
  if (mongodbUri !== undefined && secret !== undefined) return;
  if (!(await prepareDataFolder(dataFolder))) return;
  process.stderr.write(`Made the data folder ${dataFolder} (FIDELIS_DATA names another one).\n`);
}

/** Links lead to the server that runs on the data folder, unless PUBLIC_URL says where they lead. */
async function withRunningAddress(config: Config): Promise<Config> {
  if (config.publicUrlGiven) return config;
  const server = await findRunningServer(config.dataFolder);
  return server === null ? config : { ...config, publicUrl: server.publicUrl };
}

interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly issues?: readonly { code: string; path: string; message: string }[] | undefined;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ConfigError) return { code: 'invalid-configuration', title: error.message };
  if (error instanceof DatabaseStartError) return { code: error.code, title: error.message };
  const file = fileRefusal(error);
  if (file) return file;
  const problem = problemOf(error);
  if (problem.code === 'internal') {
    // A fault of ours: the whole of it, so that it can be reported.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return { code: 'internal', title: 'Something went wrong that should not; please report the lines above.' };
  }
  const { code, title, detail, issues } = problem;
  // Their own sentences speak of web addresses and requests.
  const ofTheWeb = code === 'not-found' || code === 'malformed-json' || code === 'state-not-allowed';
  return ofTheWeb && detail ? { code, title: detail } : { code, title, detail, issues };
}

/** Files that cannot be read or written are the caller's to mend. */
function fileRefusal(error: unknown): Refusal | null {
  const { code, path, dest } = (error instanceof Error ? error : {}) as { code?: string; path?: string; dest?: string };
  if (code === 'ENOSPC') return { code: 'disk-full', title: 'The disk is full. Free some space and try again.' };
  const where = dest ?? path;
  if (where === undefined) return null;
  if (code === 'ENOENT') return { code: 'file-not-found', title: `There is no such file or folder: ${where}` };
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return { code: 'file-not-permitted', title: `This user may not read or write ${where}` };
  }
  if (code === 'EISDIR') return { code: 'file-expected', title: `A file was expected, this is a folder: ${where}` };
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return { code: 'folder-expected', title: `A folder was expected, this is a file: ${where}` };
  return null;
}

/** For people: the sentence, then a line for each thing that is wrong. */
function inWords({ code: kind, title, detail, issues = [] }: Refusal): string {
  const sentence =
    kind === 'invalid-request'
      ? 'This was refused: it does not have the expected form.'
      : title.replace(/; see "issues".*$/, '.');
  const head = [sentence, ...(detail ? [detail] : []), ...(issues.length > 0 ? ['What is wrong, and where:'] : [])];
  return [head.join(' '), ...issues.map(({ code, path, message }) => `  ${path}: ${message} (${code})`)].join('\n');
}

/** Writes to standard output and waits, so that a pipe gets everything before the process ends. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      // Whoever stopped reading (`| head`) has what they wanted.
      if (error && 'code' in error && error.code === 'EPIPE') resolve();
      else if (error) reject(error);
      else resolve();
    });
  });
}

/** A line on standard error that is written over on a terminal, and now and then into a file. */
export function progressLine(what: string): { show(done: number, total?: number): void; end(): void } {
  const terminal = process.stderr.isTTY === true;
  let shown = '';
  let at = 0;
  return {
    show(done, total) {
      const text =
        total === undefined ? `${what}: ${done}` : `${what}: ${Math.floor((100 * done) / Math.max(1, total))} %`;
      if (text === shown || Date.now() - at < (terminal ? 100 : 5000)) return;
      at = Date.now();
      shown = text;
      process.stderr.write(terminal ? `\r${text}` : `${text}\n`);
    },
    end() {
      if (terminal && shown !== '') process.stderr.write('\r\u001b[K');
    },
  };
}
