/** Which answers to go on with: those of this device or those that the server has from another. Called by main.ts. */
import { type Kept, makeKey } from './device.ts';
import type { RemoteDraft, Server } from './server.ts';

/** The newer of the two; null when there is neither. */
export function newerOf(local: Kept | null, remote: RemoteDraft | null): Kept | null {
  if (!remote) return local;
  const here = local && (local.sending || (local.unsaved && local.changedAt > Date.parse(remote.savedAt)));
  if (local && (here || local.savedAt === remote.savedAt)) return local;
  return {
    key: local?.key ?? makeKey(),
    answers: remote.answers,
    page: remote.page,
    consent: { ...remote.consent, agreed: true },
    language: remote.language,
    changedAt: Date.parse(remote.savedAt),
    savedAt: remote.savedAt,
    unsaved: false,
    sending: null,
  };
}

/**
 * Finds the answers to go on with. The server is asked only where the page says that it has others than this device;
 * `unreached` when it has some, this device has none, and it does not answer.
 */
export async function findKept(
  local: Kept | null,
  draftSavedAt: string | null,
  server: Pick<Server, 'loadDraft'>,
): Promise<Kept | null | 'unreached'> {
  if (draftSavedAt === null || local?.sending || local?.savedAt === draftSavedAt) return local;
  const outcome = await server.loadDraft();
  if (outcome.kind === 'done') return newerOf(local, outcome.value);
  return local ?? 'unreached';
}
