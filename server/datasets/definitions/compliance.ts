/**
 * Compliance as columns of the linked tables of schools and clusters: what keeps a definition from having them, the columns, and
 * what is said of them. Called by `check.ts`, `build.ts` and `linked-tables.ts`.
 */
import type { Compliance } from '../../../analysis/process/index-score.ts';
import type { Issue } from '../../../instruments/instrument.ts';
import type { Study } from '../../../instruments/study.ts';
import { dayIn } from '../../administrations/availability.ts';
import type { Context } from '../../context.ts';
import { complianceAsAt, type DatedCompliance, lastDayOf } from '../../fidelity/compliance.ts';
import { findCurrentModel } from '../../fidelity/models.ts';
import type { Dataset } from '../dataset.ts';
import { type FileVariable, plain } from '../file-columns.ts';
import type { DatasetDefinition } from './definition.ts';

type Asked = Pick<DatasetDefinition, 'compliance' | 'tables' | 'level'>;

export async function complianceIssues(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: Study,
  { compliance, tables, level }: Asked,
): Promise<Issue[]> {
  if (!compliance) return [];
  const issue = (code: string, message: string, path = 'compliance'): Issue => ({ code, path, message });
  if (level === 'controlled') {
    const message =
      'An index of fidelity leads from a code to its school or cluster, so a disclosure-controlled dataset has no compliance. Leave "compliance" out, or choose the level "pseudonymous".';
    return [issue('not-at-this-level', message)];
  }
  const found: Issue[] = [];
  if (!tables.includes('schools') && !tables.includes('clusters')) {
    const message =
      'Compliance stands in the tables of schools and of clusters. Name "schools" or "clusters" in "tables".';
    found.push(issue('compliance-nowhere', message, 'tables'));
  }
  const stored = await findCurrentModel(db, study.id);
  const last = stored ? lastDayOf(stored.model, study.waves) : null;
  const today = dayIn(study.timeZone, clock());
  if (last === null) {
    const message =
      'This study has no published fidelity model, so there is no dated rule of compliance. Publish a model first, or leave "compliance" out.';
    found.push(issue('no-compliance-rule', message));
  } else if (compliance === true && today <= last) {
    const message = `The programme runs until ${last}, so who complied is not settled. Name the last day to look at, before today (${today}), in the place of true.`;
    found.push(issue('programme-running', message));
  } else if (typeof compliance === 'string' && compliance >= today) {
    const message = `${compliance} is not over yet. Name a day before today (${today}).`;
    found.push(issue('day-to-come', message));
  }
  return found;
}

/** Null where a definition asks for none. */
export async function complianceOfDataset(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  { compliance }: Pick<DatasetDefinition, 'compliance'>,
): Promise<DatedCompliance | null> {
  if (!compliance) return null;
  return complianceAsAt(context, study, compliance === true ? null : compliance);
}

const names = ['compliance', 'compliance_index'] as const;

/** The names that the columns take; none without compliance. */
export function complianceNames(compliance: DatedCompliance | null): readonly string[] {
  return compliance ? names : [];
}

/** Rule and version stand in the labels, so that they go into every format, and another version is another column. */
export function complianceColumns(compliance: DatedCompliance | null): FileVariable[] {
  if (!compliance) return [];
  const by = `rule of ${compliance.decided}, model version ${compliance.model.version}`;
  return [
    {
      ...plain(names[0], `Complied: ${by}`, 'integer'),
      values: [
        { code: 0, label: 'Did not comply' },
        { code: 1, label: 'Complied' },
      ],
    },
    { ...plain(names[1], `Compliance, 0 to 1: ${by}`, 'number'), measurement: 'scale' },
  ];
}

export function complianceCells(
  dated: DatedCompliance | null,
  level: 'schools' | 'clusters',
  id: string,
): (number | null)[] {
  if (!dated) return [];
  const found: Compliance | undefined = dated[level].get(id);
  return [found?.complied ?? null, found?.continuous ?? null];
}

/** What whoever analyses them has to know. */
export function complianceNotes(
  dated: DatedCompliance | null,
  datasets: readonly Pick<Dataset, 'administration' | 'instrument'>[],
): string[] {
  if (!dated) return [];
  const { decided, model, day, running } = dated;
  const surveys = datasets.filter(({ instrument }) => instrument.kind === 'survey');
  const opened = surveys
    .map(({ administration }) => administration.opens)
    .sort()
    .at(-1);
  return [
    `compliance and compliance_index are by the rule that was decided on ${decided}, of version ${model.version} of the fidelity model (${model.state}, SHA-256 ${model.hash}), as at ${day}. They are empty where too little was told for an index.`,
    ...(running ? [`The programme went on after ${day}: compliance may change.`] : []),
    ...(model.state === 'locked' ? [] : ['The fidelity model is not locked: its rule may still change.']),
    ...(opened !== undefined && decided > opened
      ? [
          `The rule was decided after ${opened}, when the latest survey of this dataset opened: outcomes may have been seen.`,
        ]
      : []),
  ];
}
