/**
 * One field of an identity, encrypted by itself: AES-256-GCM with a random 96-bit nonce. The place of the field (study,
 * person, name of the field) is authenticated with it, so that no value can be moved to somebody else. Used by `store.ts`.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { identityKeys } from './keys.ts';

/** A field as it is stored: which key, and nonce, tag and ciphertext in base64url. */
export interface Sealed {
  readonly key: string;
  readonly value: string;
}

export interface Place {
  readonly study: string;
  readonly person: string;
  readonly field: string;
}

type Keys = Pick<Context, 'config' | 'secret'>;

const nonceLength = 12;
const tagLength = 16;

/** Encrypts a text for its place with the newest key. */
export function seal(keys: Keys, place: Place, text: string): Sealed {
  const [newest] = identityKeys(keys);
  if (!newest) throw new Error('there is no key for identities');
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', newest.key, nonce).setAAD(bytesOf(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { key: newest.id, value: Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url') };
}

/** Thrown when an identity cannot be read: the key is not there, or the stored value was tampered with. */
export class UnreadableIdentity extends Error {
  readonly key: string;

  constructor(key: string, cause?: unknown) {
    super(`An identity cannot be read: it was encrypted with the key "${key}".`, { cause });
    this.name = 'UnreadableIdentity';
    this.key = key;
  }

  /** What the administrator can do; a server that was running while keys were rotated does not know the new one. */
  get advice(): string {
    return (
      `The key is "${this.key}". If fidelis identities rotate-keys has brought it in while this server ran, restart the ` +
      'server with the same FIDELIS_IDENTITY_KEYS as the command had.'
    );
  }
}

/** The text of a sealed field. Throws UnreadableIdentity. */
export function unseal(keys: Keys, place: Place, { key: id, value }: Sealed): string {
  const found = identityKeys(keys).find((key) => key.id === id);
  if (!found) throw new UnreadableIdentity(id);
  const bytes = Buffer.from(value, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(0, nonceLength))
      .setAAD(bytesOf(place))
      .setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]);
    return text.toString('utf8');
  } catch (error) {
    throw new UnreadableIdentity(id, error);
  }
}

/** A keyed digest of an e-mail address within a study: the same address is found again without being readable. */
export function emailDigest({ secret }: Pick<Context, 'secret'>, study: string, email: string): string {
  const spelling = email.trim().normalize('NFC').toLowerCase();
  return createHmac('sha256', secret.derive('identity-email')).update(`${study}\n${spelling}`).digest('base64url');
}

function bytesOf({ study, person, field }: Place): Buffer {
  return Buffer.from(JSON.stringify([study, person, field]), 'utf8');
}
