/** Who a staged person is, encrypted like any identity while it waits to be imported. Used by the import. */
import type { Context } from '../context.ts';
import { type Sealed, seal, unseal } from '../identities/crypt.ts';
import type { Identity } from '../identities/store.ts';
import type { StagedRow } from './imports-store.ts';
import type { WantedIdentity } from './wanted.ts';

type Keys = Pick<Context, 'config' | 'secret'>;
type Place = Pick<StagedRow, 'import' | 'key'>;

const placeOf = (study: string, row: Place) => ({ study, person: row.key, field: `import ${row.import}` });

export function sealIdentity(keys: Keys, study: string, row: Place, identity: WantedIdentity): Sealed {
  return seal(keys, placeOf(study, row), JSON.stringify(identity));
}

export function openIdentity(keys: Keys, study: string, row: Place & Pick<StagedRow, 'identity'>): WantedIdentity {
  return row.identity === null ? {} : (JSON.parse(unseal(keys, placeOf(study, row), row.identity)) as WantedIdentity);
}

/** The identity after the row: what the row does not say stays. Null when nothing changes. */
export function mergedIdentity(person: string, wanted: WantedIdentity, known: Identity | undefined): Identity | null {
  const before = known ?? { person, name: null, email: null, language: null };
  const after = { ...before, ...wanted, person };
  const same = after.name === before.name && after.email === before.email && after.language === before.language;
  return same ? null : after;
}
