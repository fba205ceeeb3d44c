/** How many links were opened and responses finished day by day: a curve and its table. */
import { useMemo } from 'react';
import { dayChart } from '../../../analysis/day-chart.ts';
import type { DayRow } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { formatDay, formatNumber } from '../../shared/format.ts';
import { Empty } from '../parts/loaded.tsx';
import { ChartFigure } from '../reports/chart-figure.tsx';
import { fileStem, useFieldwork } from './administration.tsx';
import { dayTable } from './rate-table.ts';

export function RateDays({ days }: { days: readonly DayRow[] }) {
  const fieldwork = useFieldwork();
  const { administration, detail } = fieldwork;
  const table = useMemo(() => dayTable(days), [days]);
  const chart = useMemo(() => curveOf(days, table.id), [days, table.id]);
  if (days.length === 0) return <Empty title="Nobody has opened a link yet" />;
  const ending = detail.study.simulated ? ['simulated'] : [];
  return (
    <section aria-labelledby={`${table.id}-title`}>
      <h3 id={`${table.id}-title`}>{table.title}</h3>
      <ChartFigure
        charts={[chart]}
        table={table}
        tableOpen
        tableFile={fileName([...fileStem(fieldwork), table.id, ...ending], 'csv')}
        pictureFile={() => fileName([...fileStem(fieldwork), table.id, ...ending], 'png')}
        source={`${detail.study.title}: ${administration.title}`}
        simulated={detail.study.simulated}
      />
      <p className="soft measure">
        Days of the study’s time zone, {detail.study.timeZone}. A link counts as opened on the day of its first opening.
      </p>
    </section>
  );
}

function curveOf(days: readonly DayRow[], table: string) {
  const last = days.at(-1);
  const told = days.some(({ openedSoFar }) => openedSoFar !== null);
  const finished = last?.finishedSoFar ?? null;
  const summary = [
    last ? `Until ${formatDay(last.day)}: ` : '',
    finished === null ? 'some days stand for too few people to show' : `${formatNumber(finished)} finished`,
    told && last ? ` and ${formatNumber(last.openedSoFar)} links opened.` : '.',
  ].join('');
  return dayChart({
    id: 'curve-by-day',
    title: told ? 'Opened and finished so far' : 'Finished so far',
    summary,
    table,
    days: days.map(({ day }) => formatDay(day, 'short').replace(/ \d{4}$/, '')),
    lines: [
      { label: 'Finished', soFar: days.map(({ finishedSoFar }) => finishedSoFar) },
      ...(told ? [{ label: 'Opened', soFar: days.map(({ openedSoFar }) => openedSoFar) }] : []),
    ],
  });
}
