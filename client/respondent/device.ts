/**
 * Answers kept on the device: under a name that does not tell the link, in the browser's storage where it allows that,
 * else in memory for as long as the page is open. Called by queue.ts.
 */
import type { Answers, Consent } from './server.ts';

/** Everything about one filling in. */
export interface Kept {
  /** Chosen once, so that sending twice is harmless. */
  readonly key: string;
  readonly answers: Answers;
  /** Index of the open page. */
  readonly page: number;
  readonly consent: Consent;
  /** In which the questions were shown last. */
  readonly language?: string | undefined;
  /** Milliseconds of the device's clock at the last change. */
  readonly changedAt: number;
  /** The server's time of the last saving from here; null before the first. */
  readonly savedAt: string | null;
  /** Whether something was changed since. */
  readonly unsaved: boolean;
  /** Set once the person has pressed "Send": from then on the answers are only sent, not changed. */
  readonly sending: { readonly paradata: object; readonly code?: readonly string[] | null } | null;
}

export interface Shelf {
  /** False where the browser's storage is blocked or full: then closing the page loses what the server has not got. */
  readonly lasting: boolean;
  read(): Kept | null;
  write(kept: Kept): void;
  clear(): void;
}

const prefix = 'fidelis-answers:';
/** Answers that nobody went on with are removed after this time. */
const forgottenAfterMs = 90 * 24 * 60 * 60 * 1000;

/** The shelf of one link. `deviceKey` comes from the page. `lasts`: false where the storage ends with the page. */
export function openShelf(deviceKey: string, storage: Storage | null, now: number, lasts = true): Shelf {
  if (storage) removeForgotten(storage, now);
  const name = prefix + deviceKey;
  let memory: Kept | null = null;
  let lasting = lasts && storage !== null;
  return {
    get lasting() {
      return lasting;
    },
    read() {
      if (memory) return memory;
      try {
        memory = parse(storage?.getItem(name) ?? null);
      } catch {
        lasting = false;
      }
      return memory;
    },
    write(kept) {
      memory = kept;
      try {
        storage?.setItem(name, JSON.stringify(kept));
      } catch {
        // Full or forbidden: the memory and the server have to do.
        lasting = false;
      }
    },
    clear() {
      memory = null;
      try {
        storage?.removeItem(name);
      } catch {
        lasting = false;
      }
    },
  };
}

/** The browser's storage, or null where it is blocked; `session`: what ends with the page. */
export function findStorage(kind: 'local' | 'session' = 'local'): Storage | null {
  try {
    const storage = kind === 'local' ? window.localStorage : window.sessionStorage;
    const probe = `${prefix}probe`;
    storage.setItem(probe, '1');
    storage.removeItem(probe);
    return storage;
  } catch {
    return null;
  }
}

/** A random UUID, also where the page came over plain http and `crypto.randomUUID` is missing. */
export function makeKey(
  source: Pick<Crypto, 'getRandomValues'> & Partial<Pick<Crypto, 'randomUUID'>> = crypto,
): string {
  if (source.randomUUID) return source.randomUUID();
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function parse(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Kept;
    return typeof kept.key === 'string' && typeof kept.answers === 'object' && kept.consent ? kept : null;
  } catch {
    return null;
  }
}

function removeForgotten(storage: Storage, now: number): void {
  try {
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
    for (const name of names) {
      if (!name.startsWith(prefix)) continue;
      const kept = parse(storage.getItem(name));
      if (!kept || now - kept.changedAt > forgottenAfterMs) storage.removeItem(name);
    }
  } catch {
    // Blocked storage holds nothing of ours.
  }
}
