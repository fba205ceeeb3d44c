/** The schools that need a call: the rule by which they are found, most to gain first, and what was said. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CallList, type CallRow, type CallRule, listCalls } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { counted, formatDay, formatNumber, formatPercent } from '../../shared/format.ts';
import { administrationKey } from '../keys.ts';
import { Field } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { useSearch } from '../parts/search.ts';
import { saveTable } from '../parts/table-controls.tsx';
import { useMay } from '../session.tsx';
import { fileStem, useFieldwork } from './administration.tsx';
import { CallDialog } from './call-dialog.tsx';
import { callTable, reasonsOf } from './call-table.ts';

const usualRule: CallRule = { below: 50, after: 5, unopened: 3 };
/** Schools shown at once; more on request. */
const atOnce = 40;

export function CallsPart() {
  const { administration } = useFieldwork();
  const mayRead = useMay('invitation.read');
  if (mayRead) return <Calls />;
  return (
    <Part title="Calls" of={administration.title}>
      <NotYours title="The call list is for evaluators and coordinators">
        It tells of single schools, however few people are in them.
      </NotYours>
    </Part>
  );
}

function Calls() {
  const fieldwork = useFieldwork();
  const { administration, detail } = fieldwork;
  const [search, setSearch] = useSearch();
  const rule: CallRule = {
    below: numberIn(search.get('below'), 1, 100, usualRule.below),
    after: numberIn(search.get('after'), 0, 366, usualRule.after),
    unopened: numberIn(search.get('unopened'), 0, 366, usualRule.unopened),
  };
  const key = [...administrationKey(detail.study.id, administration.id), 'calls'];
  const query = useQuery({
    queryKey: [...key, rule],
    queryFn: () => listCalls(detail.study.id, administration.id, rule),
    refetchInterval: administration.state === 'open' ? 15_000 : false,
    placeholderData: keepPreviousData,
  });
  const change = (name: keyof CallRule, value: string) =>
    setSearch((next) => {
      if (value === '' || Number(value) === usualRule[name]) next.delete(name);
      else next.set(name, value);
    });
  const ending = detail.study.simulated ? ['simulated'] : [];
  return (
    <Part
      title="Calls"
      of={administration.title}
      actions={
        query.data && (
          <>
            <button type="button" className="button" onClick={() => window.print()}>
              Print
            </button>
            <button
              type="button"
              className="button"
              onClick={() =>
                saveTable(callTable(query.data), fileName([...fileStem(fieldwork), 'calls', ...ending], 'csv'))
              }
            >
              Save as CSV
            </button>
          </>
        )
      }
    >
      <fieldset className="filters">
        <legend className="visually-hidden">The rule</legend>
        {(['below', 'after', 'unopened'] as const).map((name) => (
          <Field
            key={name}
            label={ruleTitles[name]}
            name={name}
            type="number"
            inputMode="numeric"
            min={name === 'below' ? 1 : 0}
            max={name === 'below' ? 100 : 366}
            defaultValue={rule[name]}
            onChange={(event) => change(name, event.target.value)}
          />
        ))}
      </fieldset>
      <Loaded query={query} what="the schools">
        {(list) => <CallListView list={list} refreshKey={key} />}
      </Loaded>
    </Part>
  );
}

const ruleTitles: Readonly<Record<keyof CallRule, string>> = {
  below: 'Finished, below %',
  after: 'From day',
  unopened: 'Nobody opened by day',
};

function numberIn(text: string | null, least: number, most: number, usual: number): number {
  const value = Number(text);
  return text !== null && text !== '' && Number.isInteger(value) && value >= least && value <= most ? value : usual;
}

function CallListView({ list, refreshKey }: { list: CallList; refreshKey: readonly unknown[] }) {
  const client = useQueryClient();
  const [calling, setCalling] = useState<CallRow | null>(null);
  const [all, setAll] = useState(false);
  const due = list.rows.filter(({ hiddenUntil }) => hiddenUntil === null);
  const later = list.rows.filter(({ hiddenUntil }) => hiddenUntil !== null);
  const { below, after, unopened } = list.rule;
  const shown = all ? due : due.slice(0, atOnce);
  return (
    <>
      <p className="measure">
        Day {formatNumber(list.day)} since the opening. A school is on the list when fewer than {below}% have finished
        from day {after} on, when nobody has opened a link by day {unopened}, or when an e-mail address bounced; schools
        where most can be gained come first.
      </p>
      <p role="status" className="soft">
        {counted(due.length, 'school')} to call{later.length > 0 && `, ${formatNumber(later.length)} put off`}
      </p>
      {due.length === 0 && <Empty title="No school needs a call by this rule" />}
      <ul className="list call-list">
        {shown.map((row) => (
          <SchoolToCall key={row.school} row={row} list={list} call={() => setCalling(row)} />
        ))}
      </ul>
      {!all && due.length > atOnce && (
        <p>
          <button type="button" className="button" onClick={() => setAll(true)}>
            Show all {formatNumber(due.length)} schools
          </button>
        </p>
      )}
      {later.length > 0 && (
        <details className="card">
          <summary>Put off ({formatNumber(later.length)})</summary>
          <ul className="list call-list">
            {later.map((row) => (
              <SchoolToCall key={row.school} row={row} list={list} call={() => setCalling(row)} />
            ))}
          </ul>
        </details>
      )}
      {calling && (
        <CallDialog
          row={calling}
          today={list.today}
          close={() => setCalling(null)}
          done={() => client.invalidateQueries({ queryKey: refreshKey })}
        />
      )}
    </>
  );
}

function SchoolToCall({ row, list, call }: { row: CallRow; list: CallList; call: () => void }) {
  const { detail } = useFieldwork();
  const mayCall = useMay('invitation.manage');
  const cluster = detail.clusters.find(({ id }) => id === row.cluster)?.name ?? row.cluster;
  return (
    <li className="list-row call-row">
      <div className="list-main">
        <h3 className="list-title">{row.title}</h3>
        <p className="soft">{[cluster, ...reasonsOf(row, list.rule)].filter(Boolean).join(' · ')}</p>
        <p>
          {formatNumber(row.responded)} of {formatNumber(row.eligible)} finished (
          {formatPercent(row.responded / row.eligible)}), {formatNumber(row.opened)} opened;{' '}
          <strong>{formatNumber(row.gain)} could still answer</strong>
        </p>
        {row.calls.map((one) => (
          <p key={`${one.on} ${one.by} ${one.said}`} className="call-said">
            <strong>
              {formatDay(one.on)}, {one.by}:
            </strong>{' '}
            {one.said}
            {one.hideUntil && <span className="soft"> Put off until {formatDay(one.hideUntil)}.</span>}
          </p>
        ))}
      </div>
      {mayCall && (
        <button type="button" className="button" onClick={call}>
          Note a call<span className="visually-hidden"> to {row.title}</span>
        </button>
      )}
    </li>
  );
}
