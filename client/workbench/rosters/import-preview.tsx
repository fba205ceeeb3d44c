/** The first rows of a checked file, by what they would do. */
import { useQuery } from '@tanstack/react-query';
import { getImportRows, type ImportRow } from '../../shared/api.ts';
import { formatNumber } from '../../shared/format.ts';
import { rosterKey } from '../keys.ts';
import { Loaded } from '../parts/loaded.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { oneOf } from './member-form.tsx';
import { useRosterStudy } from './rosters.tsx';

const actionTitles: Readonly<Record<ImportRow['action'], string>> = {
  created: 'New',
  changed: 'Changed',
  unchanged: 'Unchanged',
};

export function ImportPreview({ id }: { id: string }) {
  const { study } = useRosterStudy();
  const narrow = useNarrow();
  const query = useQuery({
    queryKey: [...rosterKey(study.id), 'imports', id, 'rows'],
    queryFn: () => getImportRows(study.id, id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={query} what="the first rows">
      {({ rows, more }) => (
        <>
          <h4>The first rows</h4>
          <ScrollRegion label="The first rows">
            <table>
              <caption className="visually-hidden">The first rows of the file and what they would do</caption>
              <thead>
                <tr>
                  {!narrow && <th scope="col">Row</th>}
                  {!narrow && <th scope="col">Does</th>}
                  {!narrow && <th scope="col">Member</th>}
                  <th scope="col">What the file says</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.kind} ${row.row}`}>
                    {!narrow && <th scope="row">{formatNumber(row.row)}</th>}
                    {!narrow && <td className="text">{actionTitles[row.action]}</td>}
                    {!narrow && <td className="text">{memberOf(row)}</td>}
                    <td className="text">
                      {narrow && (
                        <strong>
                          Row {formatNumber(row.row)}: {actionTitles[row.action].toLowerCase()} {memberOf(row)}
                          <br />
                        </strong>
                      )}
                      {row.action === 'changed' && row.after ? changes(row) : facts(row)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          {more > 0 && <p className="soft">And {formatNumber(more)} more.</p>}
        </>
      )}
    </Loaded>
  );
}

const memberOf = ({ kind, id }: ImportRow) => `${oneOf[kind]} ${id}`;

function facts({ wanted, identity }: ImportRow): string {
  return [...Object.entries(identity), ...Object.entries(wanted)]
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name} ${said(value)}`)
    .join(', ');
}

function changes({ before, after }: ImportRow): string {
  return Object.entries(after ?? {})
    .map(([name, value]) =>
      name === 'spells' ? 'a dated change' : `${name}: ${said(before?.[name] ?? null)} → ${said(value)}`,
    )
    .join(', ');
}

function said(value: unknown): string {
  if (value === null || value === '') return 'nothing';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name} ${String(one)}`)
    .join(', ');
}
