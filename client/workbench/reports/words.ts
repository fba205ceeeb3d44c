/** Releases and formats of reports in words. Used by the pages of a study's reports. */
import type { ReleaseState, ReportFormat } from '../../shared/reports-api.ts';

export const releaseTitles: Readonly<Record<ReleaseState, string>> = {
  withheld: 'Not released',
  head: 'Head',
  'cluster-lead': 'Head and cluster lead',
  staff: 'Head, cluster lead and staff',
};

/** What may be done next, in the words of a button; the server has the same table. */
export const releaseSteps: Readonly<
  Record<ReleaseState, readonly { readonly to: ReleaseState; readonly title: string }[]>
> = {
  withheld: [{ to: 'head', title: 'Release to the head' }],
  head: [
    { to: 'cluster-lead', title: 'Release to the cluster lead, too' },
    { to: 'withheld', title: 'Withhold' },
  ],
  'cluster-lead': [
    { to: 'staff', title: 'Release to staff, too' },
    { to: 'withheld', title: 'Withhold' },
  ],
  staff: [{ to: 'withheld', title: 'Withhold' }],
};

export const formatTitles: Readonly<Record<ReportFormat, string>> = {
  html: 'Web page',
  pdf: 'PDF',
  docx: 'Word',
  xlsx: 'Excel',
};
