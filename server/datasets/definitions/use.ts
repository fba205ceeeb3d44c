/** A stored dataset, built for somebody who may have it. Called by the routes of datasets and releases. */
import { recordRead } from '../../audit/request.ts';
import { whileAwaited } from '../../hang-up.ts';
import type { Call } from '../../http.ts';
import { Problem } from '../../problems.ts';
import { type BuiltDataset, buildDataset } from './build.ts';
import type { DatasetDefinition } from './definition.ts';

/** Datasets with names are for those who may see who people are. Throws `not-permitted`. */
export function requireLevel({ may }: Pick<Call, 'may'>, { level }: Pick<DatasetDefinition, 'level'>): void {
  if (level !== 'identified' || may('identity.read')) return;
  throw new Problem('not-permitted', {
    detail: 'This dataset holds names. Your account may have pseudonymous and disclosure-controlled datasets alone.',
  });
}

/** Records who takes what for which purpose, builds the dataset, and closes it after use; stops when nobody waits. */
export async function withDataset<T>(
  call: Call,
  study: string,
  definition: DatasetDefinition,
  use: (built: BuiltDataset) => Promise<T>,
): Promise<T | undefined> {
  requireLevel(call, definition);
  const { name, level, purpose } = definition;
  await recordRead(call, 'dataset.export', { dataset: name, level, purpose });
  return whileAwaited(call.response, async (signal) => {
    const built = await buildDataset(call.context, study, definition, { signal });
    try {
      return await use(built);
    } finally {
      await built.close();
    }
  });
}
