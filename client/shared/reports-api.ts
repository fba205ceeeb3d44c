/** What the pages of a study's reports ask of the server; as `api.ts`, which holds the rest. */
import type { Report } from '../../analysis/result.ts';
import { ApiProblem, brokenOff, request, requestLines } from './http.ts';

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
export async function getEvaluation(
  study: string,
  { signal, onShare }: { readonly signal: AbortSignal; readonly onShare: (share: number) => void },
): Promise<Report> {
  let report: Report | null = null;
  const take = (line: { readonly share?: number; readonly report?: Report }) => {
    if (line.share !== undefined) onShare(line.share);
    report = line.report ?? report;
  };
  await requestLines(`${reportsUrl(study)}/evaluation.ndjson`, take, signal);
  if (report === null) throw new ApiProblem(brokenOff);
  return report;
}

export const listSchoolReports = (study: string) =>
  request<{ readonly schools: readonly SchoolReportRow[] }>(`${reportsUrl(study)}/schools`);

export const getSchoolReport = (study: string, school: string) =>
  request<{ readonly state: ReleaseState; readonly report: Report }>(schoolUrl(study, school));

export const releaseSchoolReport = (study: string, school: string, state: ReleaseState, why: string) =>
  request<{ readonly state: ReleaseState }>(`${schoolUrl(study, school)}/release`, {
    method: 'PUT',
    body: { state, why },
  });
