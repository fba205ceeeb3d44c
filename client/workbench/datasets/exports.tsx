/** The exports of a study: files of datasets that are made while nobody waits, each with how far it is. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import {
  askForExport,
  cancelExport,
  type DatasetExport,
  datasetFormats,
  exportFileUrl,
  listExports,
} from '../../shared/datasets-api.ts';
import { formatInstant, formatNumber, formatPercent } from '../../shared/format.ts';
import { exportsKey, releasesKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Checks } from '../parts/checks.tsx';
import { Field, Form, Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { useSessionQuery } from '../session.tsx';
import { formatTitles } from './words.ts';

const lookEveryMs = 1000;
const isUnderWay = ({ state }: DatasetExport) => state === 'waiting' || state === 'running';

export function ExportList({ study }: { study: string }) {
  const query = useQuery({
    queryKey: exportsKey(study),
    queryFn: () => listExports(study),
    refetchInterval: ({ state: { data } }) => (data?.exports.some(isUnderWay) ? lookEveryMs : false),
  });
  useAnnouncedEnds(study, query.data?.exports ?? []);
  return (
    <section aria-labelledby="exports">
      <h2 id="exports">Files made in the background</h2>
      <p className="soft measure">
        For large datasets: the file is made while you do something else, and kept for a week. You may close this page.
      </p>
      <Loaded query={query} what="the files">
        {({ exports }) =>
          exports.length === 0 ? (
            <Empty title="No file has been asked for yet" />
          ) : (
            <ul className="card list">
              {exports.map((one) => (
                <ExportRow key={one.id} study={study} one={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

/** Says aloud what has ended since the last look, for whoever does not see the list. */
function useAnnouncedEnds(study: string, exports: readonly DatasetExport[]) {
  const client = useQueryClient();
  const underWay = useRef(new Set<string>());
  useEffect(() => {
    for (const one of exports) {
      if (isUnderWay(one)) {
        underWay.current.add(one.id);
        continue;
      }
      if (!underWay.current.delete(one.id)) continue;
      if (one.state === 'ready') announce(`${one.title} is ready: ${whatOf(one)}.`);
      if (one.state === 'failed') announce(`${one.title} could not be made.`);
      if (one.freezes) void client.invalidateQueries({ queryKey: releasesKey(study) });
    }
  }, [exports, client, study]);
}

const whatOf = ({ format, freezes }: DatasetExport) =>
  freezes ? `release${freezes.number === null ? '' : ` ${freezes.number}`}` : formatTitles[format];

function ExportRow({ study, one }: { study: string; one: DatasetExport }) {
  const { id, title, state, file, problem, until, at, freezes } = one;
  const client = useQueryClient();
  return (
    <li className="list-row">
      <div className="list-main">
        <p className="list-title">
          {title}: {whatOf(one)}
        </p>
        {isUnderWay(one) && <ExportProgress one={one} />}
        {state === 'ready' && file && (
          <p className="soft">
            {file.name}, {formatNumber(Math.ceil(file.bytes / 1024))} kB; kept until {until && formatInstant(until)}
          </p>
        )}
        {state === 'ready' && freezes && <p className="soft">Frozen: {freezes.purpose}</p>}
        {state === 'failed' && <p>It could not be made. {problem?.detail}</p>}
        {state === 'cancelled' && <p className="soft">Cancelled. Asked for {formatInstant(at)}.</p>}
        {state === 'expired' && (
          <p className="soft">The file has been removed. Asked for {formatInstant(at)}; ask again to have it anew.</p>
        )}
      </div>
      {isUnderWay(one) && (
        <ActionButton
          act={async () => {
            await cancelExport(study, id);
            announce('The export has been cancelled.');
            await client.invalidateQueries({ queryKey: exportsKey(study) });
          }}
        >
          Cancel<span className="visually-hidden"> {title}</span>
        </ActionButton>
      )}
      {state === 'ready' && !freezes && (
        <a className="button button-small" href={exportFileUrl(study, id)} download>
          Download<span className="visually-hidden"> {file?.name}</span>
        </a>
      )}
    </li>
  );
}

const stepTitles = {
  reading: 'Reading responses',
  'laying-out': 'Laying out the tables',
  writing: 'Writing the file',
} as const;

function ExportProgress({ one: { progress } }: { one: DatasetExport }) {
  const id = useId();
  const { step, done, total } = progress ?? { step: null, done: 0, total: null };
  const share = total === null || total === 0 ? null : done / total;
  return (
    <div className="progress">
      <label htmlFor={id}>{step === null ? 'Waiting for its turn' : stepTitles[step]}…</label>
      <progress id={id} {...(share === null ? {} : { max: 1, value: share })} />
      {share !== null && <span aria-hidden="true">{formatPercent(share)}</span>}
    </div>
  );
}

/** Asks for a dataset to be frozen. `done` closes the form. */
export function FreezeForm({ study, dataset, done }: { study: string; dataset: string; done: () => void }) {
  const client = useQueryClient();
  const { data: session } = useSessionQuery();
  return (
    <Form
      submit="Freeze it"
      send={async ({ purpose = '' }) => {
        await askForExport(study, { dataset, mail: session?.sendsMail === true, release: { purpose } });
        announce('The release is being frozen.');
        done();
        await client.invalidateQueries({ queryKey: exportsKey(study) });
      }}
    >
      {(wrong) => (
        <Field
          label="What is the release for?"
          name="purpose"
          required
          hint="Stands with the release for good. Files are kept as they are now."
          error={wrong.purpose ?? null}
        />
      )}
    </Form>
  );
}

/** Asks for a file of a dataset. `done` closes the form. */
export function ExportForm({ study, dataset, done }: { study: string; dataset: string; done: () => void }) {
  const client = useQueryClient();
  const { data: session } = useSessionQuery();
  const [told, setTold] = useState<readonly string[]>(['mail']);
  return (
    <Form
      submit="Make the file"
      send={async ({ format = 'zip' }) => {
        await askForExport(study, { dataset, format, mail: session?.sendsMail === true && told.includes('mail') });
        announce('The file is being made.');
        done();
        await client.invalidateQueries({ queryKey: exportsKey(study) });
      }}
    >
      {(wrong) => (
        <>
          <Select
            label="Format"
            name="format"
            defaultValue="zip"
            options={datasetFormats.map((format) => ({ value: format, title: formatTitles[format] }))}
            error={wrong.format ?? null}
          />
          {session?.sendsMail && (
            <Checks
              legend="By e-mail"
              options={[{ value: 'mail', title: 'Write to me when it is there' }]}
              chosen={told}
              choose={setTold}
              error={null}
            />
          )}
        </>
      )}
    </Form>
  );
}
