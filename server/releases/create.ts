/** Freezes a dataset as a release: builds it, keeps each of its files in GridFS, and records what it is. Called by the routes and `fidelis release create`. */
import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Context } from '../context.ts';
import { writeHashed } from '../database/kept-files.ts';
import { type BuiltDataset, buildDataset, type Watch } from '../datasets/definitions/build.ts';
import type { DatasetDefinition } from '../datasets/definitions/definition.ts';
import { entriesOf, writeBuilt } from '../datasets/definitions/files.ts';
import { packageVersion } from '../package-root.ts';
import { Problem } from '../problems.ts';
import {
  findReleaseOf,
  insertRelease,
  listReleases,
  openUpload,
  type Release,
  type ReleasedFile,
  removeFiles,
  removeUnfinished,
} from './store.ts';

export interface NewRelease {
  readonly definition: DatasetDefinition;
  readonly purpose: string;
  readonly by: string;
  /** Id of the export that freezes it: one that is begun again does not freeze it twice. */
  readonly job?: string;
}

export interface FreezeWatch extends Watch {
  /** Told when the dataset is built; what it gives is written. */
  readonly onBuilt?: (built: BuiltDataset) => BuiltDataset;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Throws `not-found`, `invalid-dataset`. Nothing is left of a release that could not be finished. */
export async function createRelease(
  context: Pick<Context, 'db' | 'clock' | 'config' | 'secret'>,
  study: string,
  { definition, purpose, by, job }: NewRelease,
  watch: FreezeWatch = {},
): Promise<Release> {
  const { db } = context;
  if (purpose.trim() === '') {
    const message = 'Say what the release is for: it stands with the release for good.';
    throw new Problem('invalid-request', { issues: [{ code: 'needed', path: 'purpose', message }] });
  }
  await removeUnfinished(db, study, new Date(context.clock().getTime() - dayMs));
  const former = job === undefined ? null : await findReleaseOf(db, study, job);
  if (former) return former;
  const built = await buildDataset(context, study, definition, watch);
  const filesId = randomBytes(12).toString('hex');
  try {
    const files = await freezeFiles(context, study, filesId, watch.onBuilt?.(built) ?? built);
    for (;;) {
      const [latest] = await listReleases(db, study);
      const release = describe(built, { number: (latest?.number ?? 0) + 1, purpose, by, at: context.clock(), files });
      if (await insertRelease(db, release, filesId, job ?? null)) return release;
    }
  } catch (error) {
    await removeFiles(db, filesId);
    throw error;
  } finally {
    await built.close();
  }
}

async function freezeFiles(
  { db }: Pick<Context, 'db'>,
  study: string,
  filesId: string,
  built: BuiltDataset,
): Promise<ReleasedFile[]> {
  const files: ReleasedFile[] = [];
  const freeze = async (name: string, write: (out: Writable) => Promise<void>) => {
    files.push({ name, ...(await writeHashed(openUpload(db, study, filesId, name), write)) });
  };
  for (const entry of entriesOf(built)) {
    await freeze(entry.name, async (out) => {
      if ('write' in entry) return entry.write(out);
      for await (const text of entry.lines()) if (!out.write(text)) await new Promise((go) => out.once('drain', go));
      out.end();
    });
  }
  const stem = `${study}-${built.definition.name}`;
  await freeze(`${stem}.zip`, (out) => writeBuilt(out, built, 'zip'));
  return files;
}

function describe(
  { study, definition, sha256, datasets, notes, anonymity, counts }: BuiltDataset,
  rest: Pick<Release, 'number' | 'purpose' | 'by' | 'at' | 'files'>,
): Release {
  return {
    ...rest,
    study: study.id,
    definition,
    sha256,
    administrations: datasets.map(({ administration, hash }) => ({
      id: administration.id,
      instrument: administration.instrument,
      version: administration.version,
      sha256: hash,
    })),
    amendments: datasets.flatMap(({ amendments }) => amendments),
    disclosure: { level: definition.level, minimumCell: study.minimumCell, notes, anonymity },
    responses: counts.responses,
    software: `Fidelis ${packageVersion()}`,
  };
}
