/**
 * Makes a draft the next version of its instrument: frozen, numbered, hashed, with who published it and why. Called by the
 * route. Each step is one document and can be repeated, so a server that stops half-way is put right by publishing again.
 */
import type { Instrument, Issue, PermissionRecord } from '../../../instruments/instrument.ts';
import { parseInstrument } from '../../../instruments/parse.ts';
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import { latestVersionOf, publishInstrument } from '../store.ts';
import type { Draft } from './draft.ts';
import { closed } from './save.ts';
import { getDraft, moveDraft } from './store.ts';

export interface Publication {
  readonly by: string;
  readonly why: string;
  /** The revision that the person has seen and means. */
  readonly revision: number;
}

/**
 * Throws `invalid-instrument` with every error that keeps it from being published, `draft-newer` when it was saved since,
 * `state-not-allowed` when it was discarded, and `conflict` when somebody published another version at the same moment.
 * A draft that has become a version already is a success that changes nothing.
 */
export async function publishDraft(
  context: Context,
  id: string,
  { by, why, revision }: Publication,
): Promise<{ instrument: string; version: number; hash: string }> {
  const { db } = context;
  const draft = await getDraft(db, id);
  if (draft.state === 'discarded') throw closed(draft);
  const claimed = draft.state === 'open' ? await claim(context, draft, revision) : draft;
  const version = claimed.version ?? 1;
  const parsed = parseInstrument({ ...JSON.parse(claimed.json), version });
  const issues = parsed.ok ? permissionIssues(parsed.value.permission) : parsed.issues;
  if (!parsed.ok || issues.length > 0) {
    await moveDraft(db, { id }, 'publishing', 'open');
    throw new Problem('invalid-instrument', { issues });
  }
  const hash = await freeze(context, id, parsed.value, { by, why });
  await moveDraft(db, { id }, 'publishing', 'published', version);
  return { instrument: parsed.value.id, version, hash };
}

/** Gives the draft its version number, so that publishing again goes on with the same one. */
async function claim({ db }: Context, draft: Draft, revision: number): Promise<Draft> {
  const { id, instrument, origin } = draft;
  const latest = await latestVersionOf(db, instrument);
  const begunAnew = origin.from === 'blank' || (origin.from === 'version' && origin.instrument !== instrument);
  if (latest !== null && begunAnew) {
    const detail = `Somebody published an instrument "${instrument}" meanwhile. Begin a new draft with another id.`;
    throw new Problem('already-exists', { detail });
  }
  const claimed = await moveDraft(db, { id, revision }, 'open', 'publishing', (latest ?? 0) + 1);
  if (claimed) return claimed;
  const now = await getDraft(db, id);
  if (now.state === 'open') {
    throw new Problem('draft-newer', {
      members: { stored: { revision: now.revision, instrument: JSON.parse(now.json) } },
    });
  }
  if (now.state === 'discarded') throw closed(now);
  return now;
}

async function freeze(
  context: Context,
  id: string,
  instrument: Instrument,
  record: { by: string; why: string },
): Promise<string> {
  try {
    return (await publishInstrument(context.db, instrument, { ...record, at: context.clock() })).hash;
  } catch (error) {
    // Another draft has taken the number: this one stays open, and its changes are to be told against that version.
    if (!(error instanceof Problem) || error.code !== 'already-exists') throw error;
    await moveDraft(context.db, { id }, 'publishing', 'open');
    const detail = `Somebody published version ${instrument.version} meanwhile. Compare with it, then publish again.`;
    throw new Problem('conflict', { detail, cause: error });
  }
}

function permissionIssues({ status, holder }: PermissionRecord): Issue[] {
  if (status === 'granted' || status === 'not-needed') return [];
  const message = `The permission of ${holder} is ${status}; an instrument is published when it is granted or not needed.`;
  return [{ code: 'permission-missing', path: 'permission.status', message }];
}
