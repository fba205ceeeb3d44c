/** The day for which response rates are asked, kept in the address; without one people count where they were invited. */
import { dayIn, formatDay } from '../../shared/format.ts';
import { Field, Select } from '../parts/form.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { useMay } from '../session.tsx';
import { useFieldwork } from './administration.tsx';

const isoDay = /^\d{4}-\d{2}-\d{2}$/;

/** The day in the address, or '' for none; only for who may see people one by one, since two days tell who has moved. */
export function useRatesDay(): string {
  const { detail } = useFieldwork();
  const [search] = useSearch();
  const mayAsk = useMay('dataset.export', detail.study.id);
  const day = search.get('asAt') ?? '';
  return mayAsk && isoDay.test(day) ? day : '';
}

export function RatesDayPicker() {
  const { detail } = useFieldwork();
  const [, setSearch] = useSearch();
  const day = useRatesDay();
  const mayAsk = useMay('dataset.export', detail.study.id);
  if (!mayAsk) return null;
  const change = (to: string) => setSearch((next) => setFilter(next, 'asAt', to));
  const today = dayIn(detail.study.timeZone, new Date());
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Where people are counted</legend>
      <Select
        label="People"
        name="asAt"
        value={day === '' ? 'invited' : 'day'}
        onChange={(value) => change(value === 'day' ? today : '')}
        options={[
          { value: 'invited', title: 'As invited' },
          { value: 'day', title: 'As at a day' },
        ]}
      />
      {day !== '' && (
        <Field
          label="Day"
          name="day"
          type="date"
          value={day}
          onChange={(event) => event.target.value && change(event.target.value)}
        />
      )}
      <p className="soft filters-note">
        {day === ''
          ? 'Each person counts where they were invited.'
          : `Each person counts where the roster has them on ${formatDay(day)}. Whoever is not there that day does not count.`}
      </p>
    </fieldset>
  );
}
