/** Published instrument versions in MongoDB. Once inserted, a version is never changed: there is no update here. */
import { createHash } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import { canonicalJson } from '../../instruments/canonical.ts';
import { type CompiledInstrument, compileInstrument } from '../../instruments/compile.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';
import type { LanguageRecord } from './drafts/languages.ts';

interface InstrumentVersionDocument {
  /** `id@version`. */
  readonly _id: string;
  readonly instrument: string;
  readonly version: number;
  /** Canonical JSON of the whole version; its SHA-256 is `hash`. */
  readonly json: string;
  readonly hash: string;
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly why: string;
  /** Who wrote and who read its texts in each language; versions published by a command have none. */
  readonly languages?: readonly LanguageRecord[];
}

const versions = collectionOf<InstrumentVersionDocument>(
  'instrumentversions',
  new Schema<InstrumentVersionDocument>({
    _id: { type: String, required: true },
    instrument: { type: String, required: true, immutable: true },
    version: { type: Number, required: true, immutable: true },
    json: { type: String, required: true, immutable: true },
    hash: { type: String, required: true, immutable: true },
    publishedAt: { type: Date, required: true, immutable: true },
    publishedBy: { type: String, required: true, immutable: true },
    why: { type: String, required: true, immutable: true },
    languages: { type: [Schema.Types.Mixed], default: [], immutable: true },
  }).index({ instrument: 1, version: 1 }, { unique: true }),
);

export interface PublishedInstrument {
  readonly instrument: Instrument;
  readonly hash: string;
  readonly publishedAt: Date;
  readonly publishedBy: string;
  readonly why: string;
  readonly languages: readonly LanguageRecord[];
}

/** SHA-256 of the canonical JSON, in hexadecimal; does not depend on the order of keys. */
export function hashInstrument(instrument: unknown): string {
  return createHash('sha256').update(canonicalJson(instrument)).digest('hex');
}

/**
 * Publishes a version. The same version with the same content again is a success that changes nothing; with other
 * content it is refused with `already-exists`.
 */
export async function publishInstrument(
  db: Connection,
  instrument: Instrument,
  record: { by: string; why: string; at: Date; languages?: readonly LanguageRecord[] },
): Promise<{ hash: string; created: boolean }> {
  const _id = `${instrument.id}@${instrument.version}`;
  const hash = hashInstrument(instrument);
  const former = await versions(db).findById(_id, { hash: 1 }).lean();
  if (former && former.hash !== hash) {
    throw new Problem('already-exists', {
      detail: `Version ${instrument.version} of "${instrument.id}" is published with other content; give the next version number.`,
    });
  }
  if (former) return { hash, created: false };
  try {
    await versions(db).create({
      _id,
      instrument: instrument.id,
      version: instrument.version,
      json: canonicalJson(instrument),
      hash,
      publishedAt: record.at,
      publishedBy: record.by,
      why: record.why,
      languages: record.languages ?? [],
    });
  } catch (error) {
    // Another server published it at the same moment: what it stored decides.
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    return publishInstrument(db, instrument, record);
  }
  return { hash, created: true };
}

/** The published version, or null. */
export async function findInstrumentVersion(
  db: Connection,
  id: string,
  version: number,
): Promise<PublishedInstrument | null> {
  const document = await versions(db).findById(`${id}@${version}`).lean();
  return document ? published(document) : null;
}

/** The number of the newest published version; null where there is none. */
export async function latestVersionOf(db: Connection, id: string): Promise<number | null> {
  const found = await versions(db).findOne({ instrument: id }, { version: 1 }).sort({ version: -1 }).lean();
  return found?.version ?? null;
}

/** All published versions in order of id and version. */
export async function listInstruments(db: Connection): Promise<PublishedInstrument[]> {
  const documents = await versions(db).find().sort({ instrument: 1, version: 1 }).lean();
  return documents.map(published);
}

function published(document: InstrumentVersionDocument): PublishedInstrument {
  const { hash, publishedAt, publishedBy, why, languages = [] } = document;
  return { instrument: JSON.parse(document.json) as Instrument, hash, publishedAt, publishedBy, why, languages };
}

/** Compiled versions by content hash: compiling costs milliseconds and a published version never changes. */
const compiledByHash = new Map<string, CompiledInstrument>();

/** The compiled checker, codebook and conditions of a published version. Throws `not-found`. */
export async function compiledInstrument(db: Connection, id: string, version: number): Promise<CompiledInstrument> {
  const found = await findInstrumentVersion(db, id, version);
  if (!found) throw new Problem('not-found', { detail: `There is no published version ${version} of "${id}".` });
  const known = compiledByHash.get(found.hash);
  if (known) return known;
  const parsed = parseInstrument(found.instrument);
  if (!parsed.ok) throw new Problem('invalid-instrument', { issues: parsed.issues });
  const compiled = compileInstrument(parsed.value);
  compiledByHash.set(found.hash, compiled);
  return compiled;
}
