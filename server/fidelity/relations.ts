/**
 * Fidelity related to the change of scales, from the figures of the study's reports and the index of every school, each as the
 * reader may see it. Called by the routes.
 */
import { relationSections } from '../../analysis/evaluation/relation-sections.ts';
import type { Section } from '../../analysis/result.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import type { ReportTask } from '../reports/gather.ts';
import { loadStudyFigures } from '../reports/study-figures.ts';
import { listSchools } from '../rosters/store.ts';
import { fidelityOf } from './fidelity.ts';

export interface RelationsAsked {
  /** Ids of waves; null: the first and the last in which a scale was asked. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Null where the study has no published model. Throws `invalid-request` for waves that the study has not, or in the wrong order.
 * @param suppress for readers who may not see identified rows
 */
export async function fidelityRelations(
  context: Context,
  study: Study,
  asked: RelationsAsked,
  suppress: boolean,
  task: ReportTask = {},
): Promise<{ readonly sections: readonly Section[] } | null> {
  requireWaves(study, asked);
  const fidelity = await fidelityOf(context, study, { reader: { scope: 'all', suppress } });
  if (!fidelity) return null;
  const { scales } = await loadStudyFigures(context, study, task);
  const schools = await listSchools(context.db, study.id);
  const disadvantaged = new Map(
    schools.flatMap(({ id, disadvantaged: share }) => (share === null ? [] : [[id, share] as const])),
  );
  const { clusters, schools: places } = fidelity;
  return {
    sections: relationSections({ study, scales, schools: places, clusters, disadvantaged, suppress, ...asked }),
  };
}

function requireWaves({ waves }: Study, { from, to }: RelationsAsked): void {
  const refuse = (path: string, message: string): never => {
    throw new Problem('invalid-request', { issues: [{ code: 'unknown-wave', path: `query.${path}`, message }] });
  };
  const place = (path: 'from' | 'to', id: string | null) => {
    const at = waves.findIndex((wave) => wave.id === id);
    if (id !== null && at < 0) {
      refuse(path, `The study has no wave "${id}"; it has ${waves.map((wave) => wave.id).join(', ')}.`);
    }
    return at;
  };
  const [first, last] = [place('from', from), place('to', to)];
  if (from !== null && to !== null && first >= last) refuse('to', 'Change needs a later wave: name one after "from".');
}
