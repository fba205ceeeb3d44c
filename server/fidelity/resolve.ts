/** Decides on a finding about the data; the entry stays as it was sent, and so do former decisions. Called by the route. */
import type { Decision } from '../../analysis/process/quality.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { Problem } from '../problems.ts';
import { loadFidelityData } from './fidelity.ts';
import { findResolution, insertResolution } from './resolutions.ts';

export interface NewResolution {
  readonly key: string;
  readonly flag: string;
  readonly decision: Decision;
  readonly why: string;
  /** How many decisions on this finding the author has seen. */
  readonly seen: number;
}

/** Throws `not-found` for a finding that is not there, and `conflict` when somebody else was quicker. */
export async function resolveFlag(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  { key, flag: id, decision, why, seen }: NewResolution,
  by: string,
): Promise<void> {
  const known = await findResolution(context.db, study.id, key);
  if (known) {
    if (known.flag === id && known.decision === decision) return;
    throw new Problem('conflict', { detail: 'Another decision was sent under this key.' });
  }
  const data = await loadFidelityData(context, study);
  const flag = data?.flags.find((one) => one.id === id);
  if (!flag) throw new Problem('not-found', { detail: 'There is no such finding any more; the data have changed.' });
  if (flag.entry === null && decision !== 'noted') {
    const message = 'No entry hangs on this finding; write down what you found out instead.';
    throw new Problem('invalid-request', { issues: [{ code: 'nothing-to-count', path: 'body.decision', message }] });
  }
  if (flag.resolutions.length !== seen) throw new Problem('conflict');
  try {
    await insertResolution(context.db, {
      ...{ key, study: study.id, flag: id, cluster: flag.cluster, decision, why, by },
      at: context.clock(),
      number: seen + 1,
    });
  } catch (error) {
    // The index takes one decision of each number.
    if (translateDatabaseError(error)?.kind === 'duplicate-key') throw new Problem('conflict');
    throw error;
  }
}
