/** Response rates of an administration while it runs: everybody, and by cluster, school, role, arm or day. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { outcomeRateIds, outcomeRateTitles } from '../../../analysis/outcomes.ts';
import type { CellValue } from '../../../analysis/result.ts';
import { getRates, type RateRow, type Rates, type RatesBy, ratesBy } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { formatDay, formatNumber, formatPercent } from '../../shared/format.ts';
import { administrationKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { RateBar } from '../parts/marks.tsx';
import { Part } from '../parts/page.tsx';
import { fileStem, useFieldwork } from './administration.tsx';
import { RateDays } from './rate-days.tsx';
import { furtherColumns, groupTitles, rateTable } from './rate-table.ts';
import { RatesDayPicker, useRatesDay } from './rates-day.tsx';

/** While answers come in, the figures are asked for again this often, in milliseconds; unseen pages do not ask. */
const refreshEvery = 5000;
/** A screen reader hears of changes no more often than this. */
const announceEvery = 60_000;

export function RatesPart() {
  const { administration, detail } = useFieldwork();
  const [search] = useSearchParams();
  const by = ratesBy.find((one) => one === search.get('by')) ?? 'cluster';
  const asAt = useRatesDay();
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'rates', by, asAt],
    queryFn: () => getRates(detail.study.id, administration.id, by, asAt),
    refetchInterval: administration.state === 'open' ? refreshEvery : false,
    // The former table stays until the next one is there.
    placeholderData: keepPreviousData,
  });
  useChangesAnnounced(query.data);
  return (
    <Part title="Response rates" of={administration.title}>
      <RatesDayPicker />
      <Loaded query={query} what="the response rates">
        {(rates) =>
          rates.total.eligible === 0 && rates.total.responded === 0 ? (
            <Empty title="Nobody has been invited yet" />
          ) : (
            <RatesView rates={rates} by={by} asAt={asAt} />
          )
        }
      </Loaded>
    </Part>
  );
}

/** Says how many have finished when that has changed since it was last said; a change in the quiet time is said at its end. */
function useChangesAnnounced(rates: Rates | undefined): void {
  const said = useRef<{ responded: number; at: number } | null>(null);
  const { responded = null, eligible = null } = rates?.total ?? {};
  useEffect(() => {
    if (responded === null || eligible === null) return;
    said.current ??= { responded, at: performance.now() };
    if (said.current.responded === responded) return;
    const quiet = Math.max(0, said.current.at + announceEvery - performance.now());
    const timer = setTimeout(() => {
      announce(`${formatNumber(responded)} of ${formatNumber(eligible)} have finished.`);
      said.current = { responded, at: performance.now() };
    }, quiet);
    return () => clearTimeout(timer);
  }, [responded, eligible]);
}

function RatesView({ rates, by, asAt }: { rates: Rates; by: RatesBy; asAt: string }) {
  const { administration } = useFieldwork();
  return (
    <>
      <ul className="tiles">
        <RateTile row={rates.total} title="Everyone" large />
        {rates.arms.length > 1 && rates.arms.map((row) => <RateTile key={row.id} row={row} title={row.title} />)}
      </ul>
      <Outcomes row={rates.total} anonymous={administration.mode === 'anonymous'} />
      <nav className="switch" aria-label="Response rates by">
        {ratesBy.map((one) => (
          <Link
            key={one}
            to={`?${new URLSearchParams({ by: one, ...(asAt === '' ? {} : { asAt }) })}`}
            replace
            aria-current={one === by ? 'page' : undefined}
          >
            By {groupTitles[one].toLocaleLowerCase('en-GB')}
          </Link>
        ))}
      </nav>
      {rates.withheld ? (
        <Empty title="Too few people to show">
          <p>This table cuts across schools: small groups that are hidden elsewhere could be worked out with it.</p>
        </Empty>
      ) : rates.by === 'day' ? (
        <>
          {asAt !== '' && <p className="soft">Days count everybody who was invited, wherever they stand.</p>}
          <RateDays days={rates.days} />
        </>
      ) : (
        <RateRows rates={rates} by={rates.by} />
      )}
    </>
  );
}

function RateRows({ rates, by }: { rates: Rates; by: Exclude<RatesBy, 'day'> }) {
  const fieldwork = useFieldwork();
  const { study, clusters } = fieldwork.detail;
  const table = useMemo(() => {
    const arms = new Map(study.arms.map((arm) => [arm.id, arm.title]));
    return rateTable(by, rates.rows, { arms, clusters: new Map(clusters.map(({ id, name }) => [id, name])) });
  }, [rates, by, study, clusters]);
  const ending = [...(rates.asAt === null ? [] : [`as-at-${rates.asAt}`]), ...(study.simulated ? ['simulated'] : [])];
  return (
    <section aria-labelledby={table.id}>
      <h3 id={table.id}>{table.title}</h3>
      <div className="card">
        <DataTable
          key={table.id}
          table={table}
          quietTitle
          searchable={by === 'cluster' || by === 'school'}
          pageSize={20}
          hidden={furtherColumns}
          cells={{ rate: drawRate(table.columns.findIndex((column) => column.id === 'lower')) }}
          file={fileName([...fileStem(fieldwork), table.id, ...ending], 'csv')}
        />
      </div>
      <p className="soft measure">
        The rate is finished against eligible (RR1 of the AAPOR Standard Definitions); the line in each bar is its 95%
        Wilson interval. The file has all rates. Staffrooms that share a link count with their staff of{' '}
        {formatDay(rates.staffOn)}.
      </p>
    </section>
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
  const { value, interval } = row.rates.rr1;
  return (
    <li className={large ? 'card tile tile-large' : 'card tile'}>
      <h3>{title}</h3>
      {value !== null && <RateBar responded={value} invited={1} interval={interval} />}
      <p className="soft">
        {row.responded === null || row.eligible === null
          ? 'Too few people to show.'
          : `${formatNumber(row.responded)} of ${formatNumber(row.eligible)} finished`}
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

/** All outcomes and rates of everybody, for whoever wants to know exactly. */
function Outcomes({ row, anonymous }: { row: RateRow; anonymous: boolean }) {
  if (row.invited === null) return null;
  const facts: readonly (readonly [string, number | null])[] = [
    ['Finished', row.responded],
    ['Partial: began to answer', row.partial],
    ['Declined, or wants no messages', row.declined],
    ['Withdrew the answers', row.withdrawn],
    ['Opened the link, no more', row.silent],
    ['Not reached', row.notReached],
    ['E-mail address bounced, not opened', row.bounced],
    ['Ineligible', row.ineligible],
  ];
  return (
    <details className="card outcomes">
      <summary>All outcomes and rates</summary>
      <div className="outcome-lists">
        <dl className="facts">
          {facts.map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{count === null ? 'not known' : formatNumber(count)}</dd>
            </div>
          ))}
        </dl>
        <dl className="facts">
          {outcomeRateIds.map((id) => {
            const { value, interval } = row.rates[id];
            return (
              <div key={id}>
                <dt>{outcomeRateTitles[id]}</dt>
                <dd>
                  {formatPercent(value, 1)}
                  {interval && ` (${formatPercent(interval.lower, 1)} to ${formatPercent(interval.upper, 1)})`}
                </dd>
              </div>
            );
          })}
        </dl>
      </div>
      <p className="soft measure">
        As if the administration closed now. {anonymous && 'Who began is not known in an anonymous administration.'}
      </p>
    </details>
  );
}
