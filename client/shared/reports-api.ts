/** What the pages of a study's reports ask of the server; as `api.ts`, which holds the rest. */
import type { Report } from '../../analysis/result.ts';
import { request } from './http.ts';
import { type Follow, requestReport } from './report-lines.ts';

const part = encodeURIComponent;
const reportsUrl = (study: string) => `/api/studies/${part(study)}/reports`;
const schoolUrl = (study: string, school: string) => `${reportsUrl(study)}/schools/${part(school)}`;

export const reportFormats = ['html', 'pdf', 'docx', 'xlsx'] as const;
export type ReportFormat = (typeof reportFormats)[number];
export type ReleaseState = 'withheld' | 'head' | 'cluster-lead' | 'staff';

export interface ReleaseStep {
  readonly state: ReleaseState;
  readonly at: string;
  readonly why: string;
}

export interface SchoolReportRow {
  readonly id: string;
  readonly name: string;
  readonly clusterName: string | null;
  readonly arm: string;
  readonly state: ReleaseState;
  readonly history: readonly ReleaseStep[];
}

export const evaluationFileUrl = (study: string, format: ReportFormat) => `${reportsUrl(study)}/evaluation/${format}`;
export const schoolFileUrl = (study: string, school: string, format: ReportFormat) =>
  `${schoolUrl(study, school)}/${format}`;

/** The evaluation report; while it is computed, the share that is done is told. */
export const getEvaluation = (study: string, follow: Follow) =>
  requestReport(`${reportsUrl(study)}/evaluation.ndjson`, follow);

export const listSchoolReports = (study: string) =>
  request<{ readonly schools: readonly SchoolReportRow[] }>(`${reportsUrl(study)}/schools`);

export const getSchoolReport = (study: string, school: string) =>
  request<{ readonly state: ReleaseState; readonly report: Report }>(schoolUrl(study, school));

export const releaseSchoolReport = (study: string, school: string, state: ReleaseState, why: string) =>
  request<{ readonly state: ReleaseState }>(`${schoolUrl(study, school)}/release`, {
    method: 'PUT',
    body: { state, why },
  });
