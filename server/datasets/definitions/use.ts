/** A stored dataset, built for somebody who may have it. Called by the routes of datasets and releases. */
import { recordRead } from '../../audit/request.ts';
import { whileAwaited } from '../../hang-up.ts';
import type { Call } from '../../http.ts';
import { Problem } from '../../problems.ts';
import { type BuiltDataset, buildDataset } from './build.ts';
import type { DatasetDefinition } from './definition.ts';

type Level = Pick<DatasetDefinition, 'level'>;

const permissionOf = {
  identified: 'identity.read',
  pseudonymous: 'dataset.export',
  controlled: 'dataset.controlled',
} as const;

/** Whether somebody may have datasets of a level. */
export function mayHave({ may }: Pick<Call, 'may'>, { level }: Level): boolean {
  return may('dataset.controlled') && may(permissionOf[level]);
}

/** Each level of disclosure needs a permission of its own. Throws `not-permitted`. */
export function requireLevel(call: Pick<Call, 'may'>, { level }: Level): void {
  if (mayHave(call, { level })) return;
  throw new Problem('not-permitted', {
    detail:
      level === 'identified'
        ? 'This dataset holds names, and your account or token does not include the right to see who people are.'
        : 'This dataset holds pseudonyms, and your account or token includes disclosure-controlled datasets alone.',
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

/** Whether whoever asks has this state of the data already; then that is all the answer. */
export function isKnown({ request, response }: Call, { sha256 }: Pick<BuiltDataset, 'sha256'>): boolean {
  const known = (request.get('If-None-Match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!known.includes(`"${sha256}"`)) return false;
  response.status(304).set('ETag', `"${sha256}"`).end();
  return true;
}
