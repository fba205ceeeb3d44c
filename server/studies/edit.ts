/** Changes what a study says of itself. Called by the studies' routes. */
import type { Issue } from '../../instruments/instrument.ts';
import type { Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import { movedInPassing } from '../administrations/waves.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { changingRoster } from '../rosters/lock.ts';
import { listArmsInUse } from '../rosters/store.ts';
import { getStudy, updateStudy } from './store.ts';

export type StudyEdit = Omit<Study, 'id' | 'simulated'>;

/** Throws `invalid-request` where arms or waves are taken away that clusters, schools or administrations are in. */
export async function editStudy(context: Context, id: string, edit: StudyEdit): Promise<Study> {
  const { db } = context;
  const study = await getStudy(db, id);
  const administrations = await listAdministrations(db, id);
  const arms = new Set([...(await listArmsInUse(db, id)), ...administrations.flatMap(({ audience }) => audience.arms)]);
  const waves = new Set(administrations.map(({ wave }) => wave));
  const issues = [
    ...studyIssues(edit, 'body'),
    ...missing(edit.arms, arms, 'body.arms', 'arm-in-use', 'has clusters, schools or administrations'),
    ...movedInPassing(study, edit, administrations, dayIn(study.timeZone, context.clock())),
    ...missing(edit.waves, waves, 'body.waves', 'wave-in-use', 'has administrations'),
  ];
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  const edited = { ...edit, id, simulated: study.simulated };
  // A file that was checked against other arms must be checked again.
  await changingRoster(db, id, () => updateStudy(db, edited));
  return edited;
}

/** Ids that are there twice, and things that do not fit together. */
export function studyIssues(
  { arms, waves, clusterSize }: Pick<Study, 'arms' | 'waves' | 'clusterSize'>,
  path: string,
): Issue[] {
  const issues: Issue[] = [...repeated(arms, `${path}.arms`), ...repeated(waves, `${path}.waves`)];
  waves.forEach(({ opens, closes }, at) => {
    if (closes < opens) {
      const message = 'The last day comes before the first.';
      issues.push({ code: 'bad-order', path: `${path}.waves.${at}.closes`, message });
    }
  });
  if (clusterSize && clusterSize.most < clusterSize.least) {
    issues.push({ code: 'bad-order', path: `${path}.clusterSize.most`, message: 'The most is fewer than the least.' });
  }
  return issues;
}

function repeated(list: readonly { id: string }[], path: string): Issue[] {
  const seen = new Set<string>();
  return list.flatMap(({ id }, at) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ code: 'repeated-id', path: `${path}.${at}.id`, message: `"${id}" is there twice.` }];
  });
}

function missing(
  list: readonly { id: string }[],
  used: ReadonlySet<string>,
  path: string,
  code: string,
  why: string,
): Issue[] {
  const there = new Set(list.map(({ id }) => id));
  return [...used]
    .filter((id) => id !== '' && !there.has(id))
    .map((id) => ({ code, path, message: `"${id}" cannot be taken away: it ${why}.` }));
}
