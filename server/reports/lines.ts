/** Reports as lines of JSON: how much is done, any number of times, and last the report. Called by the routes of reports. */
import type { Response } from 'express';

/** At least this much more must be done before another line is worth sending. */
const leastShare = 0.01;

export function shareLines(response: Response): (share: number) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (share) => {
    if (share - told < leastShare) return;
    told = share;
    reportLine(response, { share: Math.round(1000 * share) / 1000 });
  };
}

/** The first line sends the headers: what is refused before it is an ordinary problem, what fails after it cuts the answer. */
export function reportLine(response: Response, value: unknown): void {
  if (response.destroyed) return;
  if (!response.headersSent) response.type('application/x-ndjson').set('Cache-Control', 'no-store');
  response.write(`${JSON.stringify(value)}\n`);
  // Compressed lines would wait for others to come.
  response.flush();
}
