/**
 * The server's one secret and the keys derived from it. Called by main.ts and the command line; the keys are used by
 * sessions, survey links and everything else that must be unguessable.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';
import { prepareDataFolder } from './database/data-folder.ts';
import { DatabaseStartError } from './database/errors.ts';

export interface Secret {
  /** 32 bytes for one purpose; always the same for the same secret and purpose, and no clue to any other. */
  derive(purpose: string): Buffer;
}

/** The file of the data folder that keeps a generated secret. */
const FILE = 'secret.key';

/**
 * The secret of FIDELIS_SECRET, else the one kept in the data folder, generated at the first start (32 random bytes,
 * readable by this user alone). Rejects with a DatabaseStartError when there can be no such folder, and with a
 * ConfigError when the secret cannot be kept there or is damaged: another key would void every survey link.
 */
export async function loadSecret(config: Pick<Config, 'secret' | 'dataFolder'>): Promise<Secret> {
  if (config.secret !== undefined) return secretOf(Buffer.from(config.secret, 'utf8'));
  const path = join(config.dataFolder, FILE);
  try {
    if ((await readSecret(path)) === null) {
      await prepareDataFolder(config.dataFolder);
      await generateSecret(path);
    }
    const kept = await readSecret(path);
    if (kept === null) throw new Error(`${path} is gone`);
    return secretOf(kept);
  } catch (error) {
    if (error instanceof ConfigError || error instanceof DatabaseStartError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      { name: 'FIDELIS_DATA', message: `is a folder in which ${FILE} cannot be kept: ${reason}` },
    ]);
  }
}

/** Sub-keys by HKDF-SHA-256 (RFC 5869) with the purpose as its info. */
export function secretOf(key: Buffer): Secret {
  return {
    derive: (purpose) => Buffer.from(hkdfSync('sha256', key, 'fidelis', purpose, 32)),
  };
}

/** Writes 32 random bytes to a file of that name, unless there is one: of two processes that start at once, one wins. */
async function generateSecret(path: string): Promise<void> {
  const aside = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename, a link is refused when the name exists.
    await link(aside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readSecret(path: string): Promise<Buffer | null> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
  if (!/^[0-9a-f]{64}$/.test(text)) {
    const message =
      `is a folder with a damaged ${FILE}: it must hold 64 hexadecimal characters. Restore it from a backup; ` +
      `without it, survey links that were sent out stop working: ${path}`;
    throw new ConfigError([{ name: 'FIDELIS_DATA', message }]);
  }
  return Buffer.from(text, 'hex');
}
