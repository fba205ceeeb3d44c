/** Response rates of an administration against the number invited: all, by arm, by cluster, by school. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CellValue } from '../../../analysis/result.ts';
import { getRates, type RateRow, type Rates } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { formatNumber, formatPercent } from '../../shared/format.ts';
import { administrationKey } from '../keys.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { RateBar } from '../parts/marks.tsx';
import { Part } from '../parts/page.tsx';
import { fileStem, useFieldwork } from './administration.tsx';
import { rateTable } from './rate-table.ts';

/** While answers come in, the figures are asked for again this often, in milliseconds. */
const refreshEvery = 30_000;

export function RatesPart() {
  const { administration, detail } = useFieldwork();
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'rates'],
    queryFn: () => getRates(detail.study.id, administration.id),
    refetchInterval: administration.state === 'open' ? refreshEvery : false,
  });
  return (
    <Part title="Response rates" of={administration.title}>
      <Loaded query={query} what="the response rates">
        {(rates) =>
          rates.total.invited === 0 && rates.total.responded === 0 ? (
            <Empty title="Nobody has been invited yet" />
          ) : (
            <RatesView rates={rates} />
          )
        }
      </Loaded>
    </Part>
  );
}

function RatesView({ rates }: { rates: Rates }) {
  const fieldwork = useFieldwork();
  const { study, clusters } = fieldwork.detail;
  const names = useMemo(
    () => ({
      arms: new Map(study.arms.map((arm) => [arm.id, arm.title])),
      clusters: new Map(clusters.map((cluster) => [cluster.id, cluster.name])),
    }),
    [study, clusters],
  );
  const byCluster = useMemo(
    () => rateTable('rates-by-cluster', 'Response rates by cluster', 'Cluster', rates.byCluster, names, false),
    [rates, names],
  );
  const bySchool = useMemo(
    () => rateTable('rates-by-school', 'Response rates by school', 'School', rates.bySchool, names, true),
    [rates, names],
  );
  const ending = study.simulated ? ['simulated'] : [];
  return (
    <>
      <ul className="tiles">
        <RateTile row={rates.total} title="Everyone" large />
        {rates.byArm.length > 1 && rates.byArm.map((row) => <RateTile key={row.id} row={row} title={row.title} />)}
      </ul>
      <p className="soft">Responded means sent in whole. The line in each bar is the 95% Wilson interval.</p>
      {[byCluster, bySchool].map(
        (table) =>
          table.rows.length > 0 && (
            <section key={table.id} aria-labelledby={table.id}>
              <h3 id={table.id}>{table.title}</h3>
              <div className="card">
                <DataTable
                  table={table}
                  quietTitle
                  searchable
                  pageSize={table === byCluster ? 15 : 20}
                  cells={{ rate: drawRate(table.columns.findIndex((column) => column.id === 'lower')) }}
                  file={fileName([...fileStem(fieldwork), table.id, ...ending], 'csv')}
                />
              </div>
            </section>
          ),
      )}
    </>
  );
}

/** A rate as bar and figure; the interval stands in the columns from `lowerAt` on. */
function drawRate(lowerAt: number) {
  return (value: CellValue, row: readonly CellValue[]) => {
    const [lower, upper] = [row[lowerAt], row[lowerAt + 1]];
    if (value === 'suppressed') return <i className="suppressed">suppressed</i>;
    if (typeof value !== 'number') return formatPercent(null);
    const interval = typeof lower === 'number' && typeof upper === 'number' ? { lower, upper, level: 0.95 } : null;
    return <RateBar responded={value} invited={1} interval={interval} />;
  };
}

function RateTile({ row, title, large = false }: { row: RateRow; title: string; large?: boolean }) {
  const { interval } = row.rate;
  return (
    <li className={large ? 'card tile tile-large' : 'card tile'}>
      <h3>{title}</h3>
      {row.rate.value !== null && <RateBar responded={row.rate.value} invited={1} interval={interval} />}
      <p className="soft">
        {row.responded === null || row.invited === null
          ? 'Too few people to show.'
          : `${formatNumber(row.responded)} of ${formatNumber(row.invited)} responded`}
        {row.opened !== null && `; ${formatNumber(row.opened)} opened the link`}
        {interval && (
          <>
            <br />
            95% interval {formatPercent(interval.lower, 1)} to {formatPercent(interval.upper, 1)}
          </>
        )}
      </p>
    </li>
  );
}
