/** The reports of a study, from its figures and what else is known of it. Called by the routes and the command line. */

import { evaluationReport } from '../../analysis/evaluation/evaluation-report.ts';
import { fidelitySections, schoolFidelitySection } from '../../analysis/evaluation/fidelity-sections.ts';
import { gateOf } from '../../analysis/evaluation/gate.ts';
import type { ArmRoster, StudyReportInput } from '../../analysis/evaluation/input.ts';
import { schoolReport } from '../../analysis/evaluation/school-report.ts';
import type { Report } from '../../analysis/result.ts';
import { clusterSpells, schoolSpells } from '../../instruments/membership.ts';
import type { Cluster, School, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import { citationOf } from '../amendments/amendment.ts';
import { settleChanges } from '../amendments/settle.ts';
import { listAmendments } from '../amendments/store.ts';
import type { Context } from '../context.ts';
import { fidelityOf } from '../fidelity/fidelity.ts';
import { Problem } from '../problems.ts';
import { countPeopleByArm, listClusters, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import type { ReportTask } from './gather.ts';
import { loadStudyFigures } from './study-figures.ts';

/**
 * The evaluation report. Throws `not-found` for a study that is not there, `ReaderGone` or an AbortError once the signal is given.
 * @param suppress hide cells below the study's minimum, for readers who may not see identified rows
 */
export async function loadEvaluationReport(
  context: Context,
  studyId: string,
  suppress: boolean,
  task: ReportTask = {},
): Promise<Report> {
  const input = await loadInput(context, studyId, suppress, task);
  const fidelity = await fidelityOf(context, input.study, { reader: { scope: 'all', suppress } });
  return evaluationReport({ ...input, further: fidelity ? fidelitySections(fidelity, suppress) : [] });
}

/** The report of one school as it would be released now. Throws `not-found` as above, or for a school that is not there. */
export async function loadSchoolReport(
  context: Context,
  studyId: string,
  school: string,
  task: ReportTask = {},
): Promise<Report> {
  const input = await loadInput(context, studyId, true, task);
  if (!input.schools.some(({ id }) => id === school)) {
    throw new Problem('not-found', { detail: `There is no school "${school}" in this study.` });
  }
  const fidelity = await fidelityOf(context, input.study, { reader: { scope: 'all', suppress: true } });
  return schoolReport({ ...input, further: fidelity ? schoolFidelitySection(fidelity, school) : [] }, school);
}

async function loadInput(
  context: Context,
  studyId: string,
  suppress: boolean,
  task: ReportTask,
): Promise<StudyReportInput> {
  const { db, clock } = context;
  const study = await getStudy(db, studyId);
  const figures = await loadStudyFigures(context, study, task);
  const [clusters, schools] = await Promise.all([listClusters(db, studyId), listSchools(db, studyId)]);
  return {
    ...figures,
    study,
    gate: gateOf(study),
    clusters,
    schools,
    roster: await rosterOf(context, study, clusters, schools),
    amendments: await amendmentsOf(context, study),
    day: dayIn(study.timeZone, clock()),
    suppress,
    further: [],
    pilots: (await listAdministrations(db, studyId)).filter(({ pilot }) => pilot).length,
  };
}

async function rosterOf(
  { db }: Context,
  study: Study,
  clusters: readonly Cluster[],
  schools: readonly School[],
): Promise<ArmRoster[]> {
  const people = await countPeopleByArm(db, study.id);
  const gone = (spells: readonly { readonly to: string | null }[]) => (spells.at(-1)?.to ?? null) !== null;
  return study.arms.map(({ id: arm }) => {
    const [inArm, schoolsInArm] = [clusters.filter((one) => one.arm === arm), schools.filter((one) => one.arm === arm)];
    return {
      arm,
      clusters: inArm.length,
      schools: schoolsInArm.length,
      people: people.get(arm)?.people ?? 0,
      clustersLeft: inArm.filter((one) => gone(clusterSpells(one))).length,
      schoolsLeft: schoolsInArm.filter((one) => gone(schoolSpells(one))).length,
      peopleLeft: people.get(arm)?.left ?? 0,
    };
  });
}

async function amendmentsOf(context: Context, study: Study): Promise<string[]> {
  await settleChanges(context, study.id);
  return (await listAmendments(context.db, study.id)).map(({ number, at, thing, changes, why }) =>
    citationOf({ number, day: dayIn(study.timeZone, at), title: thing.title, changes, why }),
  );
}
