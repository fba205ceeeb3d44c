/** Data quality: what was found about the logs, what was decided on it, and deciding. Nothing is deleted here. */
import { useState } from 'react';
import { flagKinds, flagTitles } from '../../../analysis/process/quality.ts';
import type { Fidelity, ResolvedFlag } from '../../shared/fidelity-api.ts';
import { counted, formatDay, formatInstant } from '../../shared/format.ts';
import { Select } from '../parts/form.tsx';
import { Empty } from '../parts/loaded.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { useMay } from '../session.tsx';
import { FidelityPart, namesOf, useFidelityStudy } from './fidelity.tsx';
import { decisionTitles, ResolveDialog } from './resolve-dialog.tsx';

const mostShown = 50;

export function QualityPart() {
  return <FidelityPart title="Data quality">{(fidelity) => <Quality fidelity={fidelity} />}</FidelityPart>;
}

function Quality({ fidelity }: { fidelity: Fidelity }) {
  const [search, change] = useSearch();
  const kind = search.get('kind') ?? '';
  const all = search.get('show') === 'all';
  const ofKind = fidelity.flags.filter((flag) => kind === '' || flag.kind === kind);
  const found = ofKind.filter(({ resolutions }) => all || resolutions.length === 0);
  const shown = found.slice(0, mostShown);
  const waiting = (of: string) =>
    fidelity.flags.filter((flag) => (of === '' || flag.kind === of) && flag.resolutions.length === 0).length;
  const kinds = flagKinds.filter((one) => fidelity.flags.some((flag) => flag.kind === one));
  return (
    <>
      <fieldset className="filters">
        <legend className="visually-hidden">Which findings to show</legend>
        <Select
          label="Kind"
          name="kind"
          value={kind}
          onChange={(value) => change((next) => setFilter(next, 'kind', value))}
          options={[
            { value: '', title: `All kinds (${waiting('')} waiting)` },
            ...kinds.map((one) => ({ value: one, title: `${flagTitles[one]} (${waiting(one)} waiting)` })),
          ]}
        />
        <Select
          label="Show"
          name="show"
          value={all ? 'all' : ''}
          onChange={(value) => change((next) => setFilter(next, 'show', value))}
          options={[
            { value: '', title: 'Waiting for a decision' },
            { value: 'all', title: 'All, with decisions' },
          ]}
        />
      </fieldset>
      {shown.length === 0 ? (
        <Empty title="Nothing waits for a decision" />
      ) : (
        <ul className="findings">
          {shown.map((flag) => (
            <Finding key={flag.id} flag={flag} fidelity={fidelity} />
          ))}
        </ul>
      )}
      {found.length > mostShown && (
        <p className="soft">
          {counted(found.length - mostShown, 'further finding')} {found.length - mostShown === 1 ? 'is' : 'are'} not
          shown. Choose a kind, or decide on these first.
        </p>
      )}
    </>
  );
}

function Finding({ flag, fidelity }: { flag: ResolvedFlag; fidelity: Fidelity }) {
  const { study } = useFidelityStudy();
  const mayDecide = useMay('fidelity.manage', study.id);
  const [deciding, setDeciding] = useState(false);
  const names = namesOf(fidelity);
  const places = [names.school(flag.school), names.cluster(flag.cluster)].filter(Boolean).join(', ');
  return (
    <li className="card">
      <h3>{flagTitles[flag.kind]}</h3>
      <p className="soft">
        {[places, flag.day && formatDay(flag.day)].filter(Boolean).join(' · ')}
        {flag.counts === false && flag.resolutions.length === 0 && ' · does not count at present'}
      </p>
      <p>{flag.text}</p>
      {flag.told !== null && (
        <p>
          It says: <q>{flag.told}</q>
        </p>
      )}
      {flag.resolutions.length > 0 && (
        <ol className="history">
          {flag.resolutions.map(({ decision, why, by, at }) => (
            <li key={at}>
              {decisionTitles[decision]}: {why}{' '}
              <span className="soft">
                {by}, {formatInstant(at, study.timeZone)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {mayDecide && (
        <p>
          <button type="button" className="button button-small" onClick={() => setDeciding(true)}>
            Decide<span className="visually-hidden">: {flag.text}</span>
          </button>
        </p>
      )}
      {deciding && <ResolveDialog flag={flag} close={() => setDeciding(false)} />}
    </li>
  );
}
