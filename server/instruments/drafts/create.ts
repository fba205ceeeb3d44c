/** Begins a draft: blank, from a published version, or from a file. Called by the route. */
import { randomUUID } from 'node:crypto';
import type { LeftOut } from '../../../instruments/interop/left-out.ts';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import { readOwnFile } from '../instrument-file.ts';
import { type ImportFormat, readInstrumentFile } from '../read-file.ts';
import { findInstrumentVersion, latestVersionOf } from '../store.ts';
import type { Draft, DraftOrigin } from './draft.ts';
import { type LanguageRecord, marksOf, writersAfter } from './languages.ts';
import { requireSize } from './save.ts';
import type { NewDraft } from './schemas.ts';
import { insertDraft } from './store.ts';

/** Begins a draft with the file of another program; also tells what could not be carried over. Throws `invalid-instrument`. */
export async function importDraft(
  context: Context,
  by: string,
  { path, name, format }: { readonly path: string; readonly name: string; readonly format: ImportFormat },
): Promise<{ draft: Draft; leftOut: readonly LeftOut[] }> {
  const { instrument, leftOut } = await readInstrumentFile(path, format);
  const content = { ...instrument, id: await freeId(context, String(instrument.id)) };
  return { draft: await insertNew(context, by, { origin: { from: 'file', name }, content, languages: [] }), leftOut };
}

/** The id, or one with a number behind it where an instrument is called so already. */
async function freeId({ db }: Context, id: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? id : `${id.slice(0, 36)}-${number}`;
    if ((await latestVersionOf(db, free)) === null) return free;
  }
}

/** Throws `already-exists` for the id of another instrument, `not-found`, and `invalid-instrument` for a bad file. */
export async function createDraft(context: Context, by: string, wanted: NewDraft): Promise<Draft> {
  const { db } = context;
  const { origin, content, languages } = await beginning(context, wanted);
  const instrument = String(content.id);
  const isNew = wanted.from === 'blank' || (wanted.from === 'version' && wanted.as !== undefined);
  if (isNew && (await latestVersionOf(db, instrument)) !== null) {
    const detail = `There is an instrument "${instrument}". Choose another id, or begin with its newest version.`;
    throw new Problem('already-exists', { detail });
  }
  return insertNew(context, by, { origin, content, languages });
}

async function insertNew(context: Context, by: string, { origin, content, languages }: Beginning): Promise<Draft> {
  requireSize(content);
  const now = context.clock();
  const marks = marksOf(languages, now);
  const draft: Draft = {
    id: randomUUID(),
    instrument: String(content.id),
    title: String(content.title).slice(0, 500),
    json: JSON.stringify(content),
    revision: 1,
    state: 'open',
    origin,
    version: null,
    publication: null,
    createdAt: now,
    savedAt: now,
    savedBy: by,
    writers:
      origin.from === 'version' ? marks.writers : writersAfter({ writers: {}, content: {} }, content, { by, at: now }),
    signOffs: marks.signOffs,
  };
  await insertDraft(context.db, draft);
  return draft;
}

type Content = Readonly<Record<string, unknown>>;
interface Beginning {
  readonly origin: DraftOrigin;
  readonly content: Content;
  /** Who wrote and read the texts of the version that it begins with. */
  readonly languages: readonly LanguageRecord[];
}

async function beginning({ db }: Context, wanted: NewDraft): Promise<Beginning> {
  if (wanted.from === 'blank') return { origin: { from: 'blank' }, content: blank(wanted), languages: [] };
  if (wanted.from === 'file') {
    return { origin: { from: 'file', name: wanted.name }, content: readOwnFile(wanted.file), languages: [] };
  }
  const { instrument, version } = wanted;
  const found = await findInstrumentVersion(db, instrument, version);
  if (!found) throw new Problem('not-found', { detail: 'There is no such instrument version.' });
  // What changed from one version to the next is told anew when it is published.
  const content = { ...found.instrument, id: wanted.as ?? instrument, changes: [] };
  return { origin: { from: 'version', instrument, version }, content, languages: found.languages };
}

/** Whose wording it is has to be said before it can be published. */
function blank({ id, title, kind, subject, language }: Extract<NewDraft, { from: 'blank' }>): Content {
  return {
    id,
    version: 1,
    kind,
    title,
    description: '',
    languages: [language],
    subject,
    sources: [],
    permission: { holder: '', status: 'missing', note: '' },
    survey: { pages: [{ name: 'page1', elements: [] }] },
    scales: [],
    changes: [],
  };
}
