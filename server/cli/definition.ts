/** The dataset that a command is about: the name of one that is defined in the study, or a file that defines it. */
import { idSchema } from '../administrations/schemas.ts';
import type { Context } from '../context.ts';
import { type DatasetDefinition, definitionSchema } from '../datasets/definitions/definition.ts';
import { getDefinition } from '../datasets/definitions/store.ts';
import { issuesOf } from '../http.ts';
import { Problem } from '../problems.ts';
import { readJson } from './files.ts';

/** Throws `not-found`, `malformed-json`, `invalid-dataset` with the path of each wrong value. */
export async function definitionOf(
  { db }: Pick<Context, 'db'>,
  study: string,
  given: string,
): Promise<DatasetDefinition> {
  if (idSchema.safeParse(given).success) return (await getDefinition(db, study, given)).definition;
  const parsed = definitionSchema.safeParse(await readJson(given));
  if (parsed.success) return parsed.data;
  throw new Problem('invalid-dataset', {
    detail: `${given} is refused.`,
    issues: issuesOf(parsed.error, 'definition'),
  });
}
