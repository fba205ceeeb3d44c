/** A report that comes as lines while it is computed: the share that is done, and at last the report. */
import type { Report } from '../../analysis/result.ts';
import { ApiProblem, brokenOff, requestLines } from './http.ts';

export interface Follow {
  readonly signal: AbortSignal;
  readonly onShare: (share: number) => void;
}

export async function requestReport(url: string, { signal, onShare }: Follow): Promise<Report> {
  let report: Report | null = null;
  const take = (line: { readonly share?: number; readonly report?: Report }) => {
    if (line.share !== undefined) onShare(line.share);
    report = line.report ?? report;
  };
  await requestLines(url, take, signal);
  if (report === null) throw new ApiProblem(brokenOff);
  return report;
}
