/** /instruments: every published instrument version. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { type InstrumentSummary, listInstruments } from '../../shared/api.ts';
import { counted } from '../../shared/format.ts';
import { instrumentsKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { kindTitles, permissionTitles, subjectTitles } from './words.ts';

export function InstrumentsPage() {
  const query = useQuery({ queryKey: instrumentsKey, queryFn: listInstruments });
  return (
    <Page
      title="Instruments"
      lead={<p>Questionnaires, logs and observation forms. A published version never changes.</p>}
    >
      <Loaded query={query} what="the instruments">
        {({ instruments }) =>
          instruments.length === 0 ? (
            <Empty title="No instrument yet">
              <p>The library of instruments is published when the server starts.</p>
            </Empty>
          ) : (
            <ul className="card list">
              {instruments.map((instrument) => (
                <InstrumentRow key={`${instrument.id} ${instrument.version}`} instrument={instrument} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function InstrumentRow({ instrument }: { instrument: InstrumentSummary }) {
  return (
    <li className="list-row">
      <div className="list-main">
        <p className="list-title">
          <Link to={`/instruments/${instrument.id}/versions/${instrument.version}`}>{instrument.title}</Link>{' '}
          <span className="mark">Version {instrument.version}</span>
        </p>
        <p className="soft">{instrument.description}</p>
      </div>
      <p className="list-side soft">
        {kindTitles[instrument.kind]}, {subjectTitles[instrument.subject]}
        <br />
        {counted(instrument.items, 'variable')}, {counted(instrument.scales, 'scale')}
        <br />
        {permissionTitles[instrument.permission.status]}
      </p>
    </li>
  );
}
