/** Publishes an instrument from foreign JSON. Called by `fidelis instruments add`. */
import { parseInstrument } from '../../instruments/parse.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { publishInstrument } from './store.ts';

/**
 * Checks and publishes one version. Throws `invalid-instrument` with everything that is wrong, `state-not-allowed`
 * while the holder of the rights has not agreed, `already-exists` when the version is published with other content.
 */
export async function addInstrument(
  context: Context,
  json: unknown,
  record: { by: string; why: string },
): Promise<{ id: string; version: number; hash: string; created: boolean }> {
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Problem('invalid-instrument', { issues: parsed.issues });
  const { id, version, permission } = parsed.value;
  if (permission.status === 'missing' || permission.status === 'requested') {
    throw new Problem('state-not-allowed', {
      detail: `The permission of ${permission.holder} is ${permission.status}; an instrument is published when it is granted or not needed.`,
    });
  }
  return { id, version, ...(await publishInstrument(context.db, parsed.value, { ...record, at: context.clock() })) };
}
