/**
 * The keys of identities: AES-256 keys of FIDELIS_IDENTITY_KEYS, the first for writing and all for reading, so that a key
 * can be replaced while what was written with the former ones is still read. Without that variable one key is derived from
 * the installation's secret. Used by `crypt.ts`; the variable is checked by `config.ts`.
 */
import type { Context } from '../context.ts';

export interface IdentityKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The id of the key that is derived from the secret. */
const derivedId = 'installation';

/**
 * The keys of `id:base64,id:base64`. Null when the text has another form, an id twice or a key that is not 32 bytes long.
 *
 * @example
 * parseIdentityKeys(`k1:${Buffer.alloc(32).toString('base64')}`)?.[0]?.id // => 'k1'
 */
export function parseIdentityKeys(text: string): readonly IdentityKey[] | null {
  const keys = text.split(',').map((part) => {
    const [, id, base64] = /^([a-z0-9-]{1,30}):([A-Za-z0-9+/]{43}=)$/.exec(part.trim()) ?? [];
    return id === undefined || base64 === undefined ? null : { id, key: Buffer.from(base64, 'base64') };
  });
  const good = keys.filter((key) => key !== null);
  const ids = new Set(good.map(({ id }) => id));
  if (good.length !== keys.length || ids.size !== keys.length || ids.has(derivedId)) return null;
  return good;
}

/** All keys, the one for writing first. The derived one is always among them, so that giving keys later loses nothing. */
export function identityKeys({ config, secret }: Pick<Context, 'config' | 'secret'>): readonly IdentityKey[] {
  return [...config.identityKeys, { id: derivedId, key: secret.derive('identities') }];
}
