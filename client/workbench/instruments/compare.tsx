/** /instruments/:instrument/compare: two versions side by side, each change with its grade and the reason. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useParams } from 'react-router';
import type { Instrument } from '../../../instruments/instrument.ts';
import { diffInstruments } from '../../../instruments/versions/diff.ts';
import { counted } from '../../shared/format.ts';
import { getInstrument, type InstrumentSummary, listInstruments } from '../../shared/instruments-api.ts';
import { instrumentKey, instrumentsKey } from '../keys.ts';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { ChangeList } from './change-list.tsx';
import { gradeTexts, gradeTitles } from './change-words.ts';
import { Preview } from './drafts/preview.tsx';

export function ComparePage() {
  const { instrument = '' } = useParams();
  const query = useQuery({ queryKey: instrumentsKey, queryFn: listInstruments });
  return (
    <Loaded query={query} what="the versions" heading="Compare versions">
      {({ instruments }) => (
        <Versions instrument={instrument} versions={instruments.filter(({ id }) => id === instrument)} />
      )}
    </Loaded>
  );
}

function Versions({ instrument, versions }: { instrument: string; versions: readonly InstrumentSummary[] }) {
  const [search, setSearch] = useSearch();
  const numbers = versions.map(({ version }) => version);
  const to = Number(search.get('to') ?? numbers.at(-1));
  const from = Number(search.get('from') ?? numbers.at(-2));
  const title = versions.at(-1)?.title ?? instrument;
  const options = numbers.map((number) => ({ value: String(number), title: `Version ${number}` }));
  return (
    <Page
      title={`Compare versions of ${title}`}
      crumbs={[{ to: '/instruments', title: 'Instruments' }]}
      lead={<p>What changed, and how freely answers from before and after may be compared.</p>}
    >
      {numbers.length < 2 ? (
        <Empty title="There is only one version">
          <p>A comparison needs two. Begin a draft with this one, and publish it as the next.</p>
        </Empty>
      ) : (
        <>
          <div className="preview-choices">
            <Select
              label="Older version"
              name="from"
              value={String(from)}
              options={options}
              onChange={(value) => setSearch((next) => setFilter(next, 'from', value))}
            />
            <Select
              label="Newer version"
              name="to"
              value={String(to)}
              options={options}
              onChange={(value) => setSearch((next) => setFilter(next, 'to', value))}
            />
          </div>
          <Both instrument={instrument} from={from} to={to} />
        </>
      )}
    </Page>
  );
}

function Both({ instrument, from, to }: { instrument: string; from: number; to: number }) {
  const older = useQuery({ queryKey: instrumentKey(instrument, from), queryFn: () => getInstrument(instrument, from) });
  const newer = useQuery({ queryKey: instrumentKey(instrument, to), queryFn: () => getInstrument(instrument, to) });
  return (
    <Loaded query={older} what="the older version">
      {(one) => (
        <Loaded query={newer} what="the newer version">
          {(other) => <Compared older={one.instrument} newer={other.instrument} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Compared({ older, newer }: { older: Instrument; newer: Instrument }) {
  const changes = useMemo(() => diffInstruments(older, newer), [older, newer]);
  return (
    <>
      <section aria-labelledby="changes">
        <h2 id="changes">{counted(changes.length, 'change')}</h2>
        <ul className="soft">
          {(['safe', 'linkable', 'breaking'] as const).map((grade) => (
            <li key={grade}>
              <strong>{gradeTitles[grade]}:</strong> {gradeTexts[grade]}
            </li>
          ))}
        </ul>
        <ChangeList changes={changes} />
      </section>
      {newer.changes.length > 0 && older.version === newer.version - 1 && (
        <p>
          Grades that were decided otherwise when version {newer.version} was published:{' '}
          {newer.changes
            .filter((kept) =>
              changes.some(
                ({ item, what, grade }) =>
                  (item ?? 'the instrument') === kept.item && what === kept.what && grade !== kept.grade,
              ),
            )
            .map(({ item, grade, mapping }) => `${item} ${gradeTitles[grade].toLowerCase()} (${mapping})`)
            .join('; ') || 'none'}
          .
        </p>
      )}
      <section aria-labelledby="side-by-side">
        <h2 id="side-by-side">Side by side</h2>
        <div className="side-by-side">
          {[older, newer].map((version) => (
            <section key={version.version} aria-label={`Version ${version.version}`}>
              <h3>Version {version.version}</h3>
              <Preview instrument={version} frames={['phone']} />
            </section>
          ))}
        </div>
      </section>
    </>
  );
}
