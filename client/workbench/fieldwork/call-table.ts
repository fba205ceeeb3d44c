/** The call list as a table of results, and its reasons in words. */
import type { Table } from '../../../analysis/result.ts';
import type { CallList, CallRow, CallRule } from '../../shared/api.ts';

export function reasonsOf(
  { reasons, bounced }: Pick<CallRow, 'reasons' | 'bounced'>,
  { below, unopened }: CallRule,
): string[] {
  const words = {
    low: `below ${below}%`,
    unopened: `nobody opened by day ${unopened}`,
    bounced: `${bounced} e-mail ${bounced === 1 ? 'address' : 'addresses'} bounced`,
  };
  return reasons.map((reason) => words[reason]);
}

/** One row for each school, with the last call. */
export function callTable(list: CallList): Table {
  return {
    id: 'calls',
    title: 'Schools that need a call',
    columns: [
      { id: 'school', title: 'School', kind: 'text' },
      { id: 'name', title: 'Name', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'why', title: 'Why', kind: 'text' },
      { id: 'eligible', title: 'Eligible', kind: 'integer' },
      { id: 'opened', title: 'Opened', kind: 'integer' },
      { id: 'finished', title: 'Finished', kind: 'integer' },
      { id: 'gain', title: 'Could still answer', kind: 'integer' },
      { id: 'put-off', title: 'Put off until', kind: 'text' },
      { id: 'called', title: 'Last call', kind: 'text' },
      { id: 'by', title: 'By', kind: 'text' },
      { id: 'said', title: 'What was said', kind: 'text' },
    ],
    rows: list.rows.map((row) => {
      const last = row.calls.at(-1);
      return [
        row.school,
        row.title,
        row.cluster,
        reasonsOf(row, list.rule).join('; '),
        row.eligible,
        row.opened,
        row.responded,
        row.gain,
        row.hiddenUntil,
        last?.on ?? null,
        last?.by ?? null,
        last?.said ?? null,
      ];
    }),
    notes: [],
  };
}
