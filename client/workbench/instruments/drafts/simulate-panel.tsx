/** Tries a draft on simulated respondents: how its items and scales would be distributed. Nothing is stored. */
import { useEffect, useRef, useState } from 'react';
import type { Instrument } from '../../../../instruments/instrument.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Field, Form, type Wrong } from '../../parts/form.tsx';
import { SimulatedNotice } from '../../parts/marks.tsx';
import type { SimulationAnswer, SimulationQuestion } from './simulate-worker.ts';
import type { SimulatedTables } from './simulated-tables.ts';

const limits = { people: [1, 2000], schools: [1, 500], icc: [0, 0.9], missing: [0, 0.9] } as const;

/** Messages of what is no number within its limits, by field. */
function wrongOf(values: Readonly<Record<string, string>>): Wrong {
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, [low, high]]) => {
      const text = (values[name] ?? '').trim();
      const given = Number(text);
      const fits = text !== '' && given >= low && given <= high && (high < 1 || Number.isInteger(given));
      return fits ? [] : [[name, `Give a number from ${low} to ${high}.`]];
    }),
  );
}

export function SimulatePanel({ instrument }: { instrument: Instrument }) {
  const worker = useRef<Worker | null>(null);
  const [tables, setTables] = useState<SimulatedTables | null>(null);
  const [refused, setRefused] = useState<string | null>(null);

  useEffect(() => () => worker.current?.terminate(), []);

  const simulate = async (values: Readonly<Record<string, string>>) => {
    const { seed = '', people, schools, icc, missing } = values;
    const wish = {
      ...{ seed, people: Number(people), schools: Number(schools) },
      ...{ icc: Number(icc), missing: Number(missing) },
    };
    worker.current ??= new Worker(new URL('./simulate-worker.ts', import.meta.url), { type: 'module' });
    const answer = await asked(worker.current, { instrument, wish });
    setTables('tables' in answer ? answer.tables : null);
    setRefused('refused' in answer ? answer.refused : null);
  };

  return (
    <div className="stack">
      <Form submit="Simulate them" keeps check={wrongOf} send={simulate}>
        {(wrong) => (
          <>
            <div className="field-pair">
              <Field label="People" name="people" type="number" defaultValue="200" error={wrong.people ?? null} />
              <Field label="Schools" name="schools" type="number" defaultValue="20" error={wrong.schools ?? null} />
            </div>
            <div className="field-pair">
              <Field
                label="Share between schools"
                name="icc"
                type="number"
                step="0.01"
                defaultValue="0.1"
                error={wrong.icc ?? null}
              />
              <Field
                label="Chance of a blank"
                name="missing"
                type="number"
                step="0.01"
                defaultValue="0.05"
                error={wrong.missing ?? null}
              />
            </div>
            <Field label="Seed" name="seed" defaultValue="1" hint="The same seed gives the same people." />
          </>
        )}
      </Form>
      {refused !== null && (
        <p className="field-error" role="alert">
          {refused}
        </p>
      )}
      {tables && (
        <>
          <SimulatedNotice />
          {tables.scales.rows.length > 0 && (
            <div className="card">
              <DataTable table={tables.scales} />
            </div>
          )}
          <div className="card">
            <DataTable table={tables.items} pageSize={15} />
          </div>
        </>
      )}
    </div>
  );
}

function asked(worker: Worker, question: SimulationQuestion): Promise<SimulationAnswer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<SimulationAnswer>) => resolve(data);
    worker.onerror = () => reject(new Error('the simulation broke off'));
    worker.postMessage(question);
  });
}
