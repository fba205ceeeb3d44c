/** The releases of a study: what was frozen, its files, and whether the data still give it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  listReleases,
  type Release,
  type ReleaseVerdict,
  releaseFileUrl,
  verifyRelease,
} from '../../shared/datasets-api.ts';
import { counted, formatNumber } from '../../shared/format.ts';
import { releasesKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { levelTitles } from './words.ts';

export function ReleaseList({ study }: { study: string }) {
  const query = useQuery({ queryKey: releasesKey(study), queryFn: () => listReleases(study) });
  return (
    <section aria-labelledby="releases">
      <h2 id="releases">Releases</h2>
      <p className="soft measure">
        A release is a dataset frozen for good. Its files are handed out byte for byte as they were; the check computes
        the dataset again and says whether and where the data have changed since.
      </p>
      <Loaded query={query} what="the releases">
        {({ releases }) =>
          releases.length === 0 ? (
            <Empty title="Nothing has been released yet" />
          ) : (
            <ul className="tiles">
              {releases.map((release) => (
                <ReleaseTile key={release.number} study={study} release={release} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function ReleaseTile({ study, release }: { study: string; release: Release }) {
  const { number, definition, purpose, responses, files, at } = release;
  const [verdict, setVerdict] = useState<ReleaseVerdict | null>(null);
  return (
    <li className="card tile">
      <h3>
        Release {number}: {definition.title}
      </h3>
      <p className="soft">
        {levelTitles[definition.level]}, {counted(responses, 'response')}, frozen{' '}
        {new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })}. {purpose}
      </p>
      <p>
        <ActionButton
          act={async () => {
            const found = await verifyRelease(study, number);
            setVerdict(found);
            announce(verdictTitles[found.verdict]);
          }}
        >
          Check against the data<span className="visually-hidden"> release {number}</span>
        </ActionButton>
      </p>
      {verdict && <Verdict verdict={verdict} />}
      <details>
        <summary>
          {counted(files.length, 'file')}
          <span className="visually-hidden"> of release {number}</span>
        </summary>
        <ul>
          {files.map(({ name, bytes, sha256 }) => (
            <li key={name}>
              <a href={releaseFileUrl(study, number, name)} download>
                {name}
              </a>{' '}
              <small>{formatNumber(Math.ceil(bytes / 1024))} kB, SHA-256 </small>
              <small className="hash">
                <code>{sha256}</code>
              </small>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

const verdictTitles: Readonly<Record<ReleaseVerdict['verdict'], string>> = {
  unchanged: 'The data give the same tables.',
  changed: 'The data have changed since.',
  'cannot-recompute': 'The dataset cannot be built any more.',
};

function Verdict({ verdict: { verdict, tables, notes, damagedFiles } }: { verdict: ReleaseVerdict }) {
  const good = verdict === 'unchanged' && damagedFiles.length === 0;
  return (
    <div className={good ? 'notice' : 'notice notice-bad'}>
      <p className="notice-title">{verdictTitles[verdict]}</p>
      <ul>
        {tables.map(({ table, added, gone, changed, columnsAdded, columnsGone }) => (
          <li key={table}>
            {table}: {counted(added, 'row')} added, {gone} gone, {changed} changed
            {columnsAdded.length > 0 && `; columns added: ${columnsAdded.join(', ')}`}
            {columnsGone.length > 0 && `; columns gone: ${columnsGone.join(', ')}`}
          </li>
        ))}
        {damagedFiles.map((name) => (
          <li key={name}>{name}: its bytes are not those that were frozen.</li>
        ))}
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}
