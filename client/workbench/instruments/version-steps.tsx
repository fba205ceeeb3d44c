/** What can be done with a published version: begin a draft with it, compare it, take it away as a file, retire it. */
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { ownName } from '../../../instruments/languages.ts';
import {
  changeVersionState,
  type InstrumentDetail,
  instrumentFileUrl,
  instrumentPaperUrl,
} from '../../shared/instruments-api.ts';
import { instrumentsKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { useMay } from '../session.tsx';

export function VersionSteps({ detail }: { detail: InstrumentDetail }) {
  const { id, version, languages } = detail.instrument;
  const may = useMay('instrument.manage');
  const client = useQueryClient();
  const reason = useId();
  const [asked, setAsked] = useState(false);
  const [why, setWhy] = useState('');
  const retires = detail.state === 'in-use';
  return (
    <>
      {may && (
        <Link className="button button-small" to={`/instruments/new?version=${id}@${version}`}>
          Start a draft with it
        </Link>
      )}
      <Link
        className="button button-small"
        to={`/instruments/${id}/compare?${version > 1 ? `from=${version - 1}&` : ''}to=${version}`}
      >
        Compare versions
      </Link>
      <a className="button button-small" href={instrumentFileUrl(id, version)} download>
        Download as a file
      </a>
      {languages.map((language) => (
        <a key={language} className="button button-small" href={instrumentPaperUrl(id, version, language)} download>
          {languages.length === 1 ? 'Print on paper (PDF)' : `Paper in ${ownName(language)} (PDF)`}
        </a>
      ))}
      {may && (
        <button type="button" className="button button-small" onClick={() => setAsked(true)}>
          {retires ? 'Retire' : 'Take back into use'}
        </button>
      )}
      {asked && (
        <ConfirmDialog
          title={retires ? 'Retire this version?' : 'Take this version back into use?'}
          confirm={retires ? 'Retire it' : 'Take it back'}
          act={async () => {
            await changeVersionState(id, version, { state: retires ? 'retired' : 'in-use', why });
            announce(retires ? 'The version is retired.' : 'The version is in use again.');
            await client.invalidateQueries({ queryKey: instrumentsKey });
          }}
          close={() => setAsked(false)}
        >
          <p>
            {retires
              ? 'No new administration can choose it. Those that have it go on. You can take it back.'
              : 'New administrations can choose it again.'}
          </p>
          <div className="field">
            <label htmlFor={reason}>Why</label>
            <input id={reason} value={why} onChange={(event) => setWhy(event.target.value)} />
          </div>
        </ConfirmDialog>
      )}
    </>
  );
}
