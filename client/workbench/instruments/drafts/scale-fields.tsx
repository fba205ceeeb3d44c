/** How one scale of a draft is named and scored. Used by the panel of scales. */
import type { Scale } from '../../../../instruments/instrument.ts';
import { Field, Select } from '../../parts/form.tsx';

interface Props {
  readonly scale: Scale;
  change(next: Scale): void;
  remove(): void;
}

export function ScaleFields({ scale, change, remove }: Props) {
  const number = (value: string) => (value.trim() === '' ? Number.NaN : Number(value));
  const shown = (value: number) => (Number.isNaN(value) ? '' : value);
  return (
    <details className="key-fields" open={scale.items.length === 0}>
      <summary>Name, range and scoring</summary>
      <div className="form">
        <Field
          label="Title of the scale"
          name="title"
          value={scale.title}
          onChange={(event) => change({ ...scale, title: event.target.value })}
        />
        <Field
          label="Name of its variable"
          name="id"
          hint="Lower-case letters, digits and _; no item has it."
          value={scale.id}
          onChange={(event) => change({ ...scale, id: event.target.value })}
        />
        <Field
          label="What it measures"
          name="construct"
          value={scale.construct}
          onChange={(event) => change({ ...scale, construct: event.target.value })}
        />
        <div className="field-pair">
          <Field
            label="Smallest answer"
            name="min"
            type="number"
            value={shown(scale.range.min)}
            onChange={(event) => change({ ...scale, range: { ...scale.range, min: number(event.target.value) } })}
          />
          <Field
            label="Largest answer"
            name="max"
            type="number"
            value={shown(scale.range.max)}
            onChange={(event) => change({ ...scale, range: { ...scale.range, max: number(event.target.value) } })}
          />
        </div>
        <Select
          label="Score"
          name="score"
          value={scale.score}
          onChange={(score) => change({ ...scale, score: score === 'sum' ? 'sum' : 'mean' })}
          options={[
            { value: 'mean', title: 'Mean of the answered items' },
            { value: 'sum', title: 'Sum of the items' },
          ]}
        />
        <Field
          label="Fewest items answered for a score"
          name="minimum"
          type="number"
          min={1}
          max={Math.max(1, scale.items.length)}
          value={shown(scale.minimumAnswered)}
          onChange={(event) => change({ ...scale, minimumAnswered: number(event.target.value) })}
        />
        <Select
          label="Score of a school"
          name="aggregation"
          value={scale.aggregation}
          onChange={(order) =>
            change({ ...scale, aggregation: order === 'item-first' ? 'item-first' : 'person-first' })
          }
          options={[
            { value: 'person-first', title: 'Score each person first, then average people' },
            { value: 'item-first', title: 'Average each item in the school first, then score' },
          ]}
        />
        <p>
          <button type="button" className="button button-small button-danger-quiet" onClick={remove}>
            Remove the scale {scale.title || scale.id}
          </button>
        </p>
      </div>
    </details>
  );
}
