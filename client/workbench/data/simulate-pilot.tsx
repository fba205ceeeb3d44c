/** Fills a pilot with simulated people of a chosen structure, who answer as people would. Used by the data page of a pilot. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { counted } from '../../shared/format.ts';
import { type PilotSimulation, simulatePilot } from '../../shared/planning-api.ts';
import type { Fieldwork } from '../fieldwork/administration.tsx';
import { studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Form, type Wrong } from '../parts/form.tsx';

type Setting = Exclude<keyof PilotSimulation, 'seed'>;

const fields: readonly {
  readonly name: Setting;
  readonly label: string;
  readonly usual: string;
  readonly low: number;
  readonly high: number;
}[] = [
  { name: 'people', label: 'People', usual: '200', low: 1, high: 500 },
  { name: 'loading', label: 'Loading of items on their scale', usual: '0.75', low: 0, high: 1 },
  { name: 'factorCorrelation', label: 'Correlation of scales', usual: '0.5', low: 0, high: 1 },
  { name: 'icc', label: 'Share between schools (ICC)', usual: '0.1', low: 0, high: 0.9 },
  { name: 'missing', label: 'Chance of a blank', usual: '0.05', low: 0, high: 0.9 },
];

/** Messages of what is no number within its limits, by field. */
function wrongOf(values: Readonly<Record<string, string>>): Wrong {
  const wrong: Record<string, string> = {};
  for (const { name, low, high } of fields) {
    const text = (values[name] ?? '').trim();
    const given = Number(text);
    const fits = text !== '' && given >= low && given <= high && (name !== 'people' || Number.isInteger(given));
    if (!fits) wrong[name] = `Give a number from ${low} to ${high}.`;
  }
  if ((values.seed ?? '').trim() === '') wrong.seed = 'Give a seed, like 1.';
  return wrong;
}

export function SimulatePilot({ fieldwork }: { fieldwork: Fieldwork }) {
  const { administration, detail } = fieldwork;
  const client = useQueryClient();
  const study = detail.study.id;
  const simulate = async (values: Readonly<Record<string, string>>) => {
    const numberOf = (name: Setting) => Number(values[name]);
    const { created, unchanged } = await simulatePilot(study, administration.id, {
      seed: (values.seed ?? '').trim(),
      people: numberOf('people'),
      loading: numberOf('loading'),
      factorCorrelation: numberOf('factorCorrelation'),
      icc: numberOf('icc'),
      missing: numberOf('missing'),
    });
    announce(
      `${counted(created, 'simulated person', 'simulated people')} answered${
        unchanged > 0 ? `; ${unchanged} had answered already` : ''
      }.`,
    );
    await client.invalidateQueries({ queryKey: studyKey(study) });
  };
  return (
    <section className="card card-form" aria-labelledby="simulate">
      <h3 id="simulate">Try it with simulated people</h3>
      <p className="soft">
        They answer through the links of this pilot, as people would. The files below and{' '}
        <Link to={`/studies/${study}/administrations/${administration.id}/report`}>the report</Link> are then what such
        answers would give.
      </p>
      <Form submit="Simulate them" keeps check={wrongOf} send={simulate}>
        {(wrong) => (
          <>
            {fields.map(({ name, label, usual, low, high }) => (
              <Field
                key={name}
                label={label}
                name={name}
                type="number"
                step={name === 'people' ? 1 : 0.01}
                min={low}
                max={high}
                defaultValue={usual}
                error={wrong[name] ?? null}
              />
            ))}
            <Field
              label="Seed"
              name="seed"
              maxLength={40}
              defaultValue="1"
              hint="The same seed and numbers give the same people, and nobody is added twice."
              error={wrong.seed ?? null}
            />
          </>
        )}
      </Form>
    </section>
  );
}
