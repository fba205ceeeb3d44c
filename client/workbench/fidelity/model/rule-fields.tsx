/** The fields of a rule, from the entries of a place to a score. Used by the form of a component. */
import { Field, Select, TextArea, type Wrong } from '../../parts/form.tsx';
import type { Fields } from './part-words.ts';
import { VariableField } from './source-fields.tsx';
import type { Readable } from './use-readable.ts';

export const ruleKinds = {
  count: 'Count: what took place, of what is expected',
  share: 'Share: a number, out of a number or of the schools',
  proportion: 'Proportion: entries with a condition',
  thresholds: 'Thresholds: a figure, in steps',
  scale: 'Scale: a scale or an item, from lowest to highest',
} as const;
export type RuleKind = keyof typeof ruleKinds;

interface RuleProps {
  readonly kind: RuleKind;
  readonly was: Fields;
  readonly wrong: Wrong;
  readonly readable: Readable;
}

export function RuleFields({ kind, was, wrong, readable }: RuleProps) {
  const text = (name: string, otherwise = '') => ({
    name: `rule.${name}`,
    defaultValue: was[`rule.${name}`] ?? otherwise,
    error: wrong[`rule.${name}`] ?? null,
  });
  switch (kind) {
    case 'count':
      return (
        <VariableField
          label="Variable with the days it took"
          hint="Empty: each counts as one."
          offers={readable.entries}
          {...text('duration')}
        />
      );
    case 'share':
      return (
        <div className="field-pair">
          <VariableField label="Variable" offers={readable.entries} {...text('variable')} />
          <Field
            label="Out of"
            hint="A number, schools, or people: those on the roster that day."
            {...text('outOf', 'schools')}
          />
          <Field
            label="Of the people in these roles"
            hint="Like improvement-champion, with commas. Empty: everybody."
            {...text('roles')}
          />
        </div>
      );
    case 'proportion':
      return (
        <div className="field-pair">
          <Field label="Condition" hint="Like took_part = 1." {...text('when')} />
          <Select
            label="Counts entries"
            options={[
              { value: 'no', title: 'for which it holds' },
              { value: 'yes', title: 'for which it does not hold' },
            ]}
            {...text('reversed', 'no')}
          />
        </div>
      );
    case 'thresholds':
      return (
        <>
          <div className="field-pair">
            <Select
              label="Figure"
              options={['count', 'sum', 'mean', 'highest'].map((value) => ({ value, title: value }))}
              {...text('figure', 'count')}
            />
            <VariableField
              label="Variable"
              hint="Not needed for a count."
              offers={readable.entries}
              {...text('variable')}
            />
          </div>
          <TextArea label="Steps" rows={3} hint="One a line, from = score, like 3 = 1." {...text('steps')} />
        </>
      );
    case 'scale':
      return (
        <>
          <VariableField label="Scale or variable" offers={readable.scales} {...text('scale')} />
          <RangeFields field="rule.range" was={was} wrong={wrong} />
        </>
      );
  }
}

/** The lowest and the highest value. */
export function RangeFields({ field, was, wrong }: { field: string; was: Fields; wrong: Wrong }) {
  const text = (name: string, otherwise: string) => ({
    name: `${field}.${name}`,
    defaultValue: was[`${field}.${name}`] ?? otherwise,
    error: wrong[`${field}.${name}`] ?? null,
  });
  return (
    <div className="field-pair">
      <Field label="Lowest value" inputMode="decimal" {...text('min', '1')} />
      <Field label="Highest value" inputMode="decimal" {...text('max', '5')} />
    </div>
  );
}
