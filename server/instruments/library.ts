/** The instruments that ship with Fidelis: read from `instruments/library/` and published when they are missing. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import type { Context } from '../context.ts';
import { packageRoot } from '../package-root.ts';
import { publishInstrument } from './store.ts';

/** All library instruments in order of id. Throws when a file is broken: it is part of the program. */
export async function loadLibrary(): Promise<Instrument[]> {
  const folder = join(packageRoot, 'instruments', 'library');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const parsed = parseInstrument(JSON.parse(await readFile(join(folder, file), 'utf8')));
      if (!parsed.ok) {
        const [first] = parsed.issues;
        throw new Error(`instruments/library/${file}: ${first?.path}: ${first?.message}`);
      }
      return parsed.value;
    }),
  );
}

/** Publishes each library instrument that this database does not hold yet. */
export async function ensureLibrary(context: Pick<Context, 'db' | 'clock'>): Promise<void> {
  for (const instrument of await loadLibrary()) {
    await publishInstrument(context.db, instrument, {
      by: 'Fidelis',
      why: 'Shipped with the instrument library.',
      at: context.clock(),
    });
  }
}
