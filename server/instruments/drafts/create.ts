/** Begins a draft: blank, from a published version, or from a file. Called by the route. */
import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import { readInstrumentFile } from '../instrument-file.ts';
import { findInstrumentVersion, latestVersionOf } from '../store.ts';
import type { Draft, DraftOrigin } from './draft.ts';
import { requireSize } from './save.ts';
import type { NewDraft } from './schemas.ts';
import { insertDraft } from './store.ts';

/** Throws `already-exists` for the id of another instrument, `not-found`, and `invalid-instrument` for a bad file. */
export async function createDraft(context: Context, by: string, wanted: NewDraft): Promise<Draft> {
  const { db } = context;
  const { origin, content } = await beginning(context, wanted);
  const instrument = String(content.id);
  const isNew = wanted.from === 'blank' || (wanted.from === 'version' && wanted.as !== undefined);
  if (isNew && (await latestVersionOf(db, instrument)) !== null) {
    const detail = `There is an instrument "${instrument}". Choose another id, or begin with its newest version.`;
    throw new Problem('already-exists', { detail });
  }
  requireSize(content);
  const now = context.clock();
  const draft: Draft = {
    id: randomUUID(),
    instrument,
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
  };
  await insertDraft(db, draft);
  return draft;
}

type Content = Readonly<Record<string, unknown>>;

async function beginning({ db }: Context, wanted: NewDraft): Promise<{ origin: DraftOrigin; content: Content }> {
  if (wanted.from === 'blank') return { origin: { from: 'blank' }, content: blank(wanted) };
  if (wanted.from === 'file') {
    return { origin: { from: 'file', name: wanted.name }, content: readInstrumentFile(wanted.file) };
  }
  const { instrument, version } = wanted;
  const found = await findInstrumentVersion(db, instrument, version);
  if (!found) throw new Problem('not-found', { detail: 'There is no such instrument version.' });
  // What changed from one version to the next is told anew when it is published.
  const content = { ...found.instrument, id: wanted.as ?? instrument, changes: [] };
  return { origin: { from: 'version', instrument, version }, content };
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
