/** /instruments/:instrument/versions/:version: what it measures, where it comes from, how it is scored, its codebook. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { Codebook } from '../../../instruments/codebook.ts';
import type { Instrument, Scale } from '../../../instruments/instrument.ts';
import { ownName } from '../../../instruments/languages.ts';
import { fileName } from '../../shared/download.ts';
import { formatInstant, formatNumber } from '../../shared/format.ts';
import { getCodebook, getInstrument, type InstrumentDetail } from '../../shared/instruments-api.ts';
import { CodebookTables, MissingCodes } from '../data/codebook.tsx';
import { codebookKey, instrumentKey } from '../keys.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Facts } from '../parts/marks.tsx';
import { Page } from '../parts/page.tsx';
import { VersionSteps } from './version-steps.tsx';
import { kindTitles, permissionTitles, subjectTitles } from './words.ts';

export function InstrumentPage() {
  const { instrument = '', version = '' } = useParams();
  const number = Number(version);
  const query = useQuery({
    queryKey: instrumentKey(instrument, number),
    queryFn: () => getInstrument(instrument, number),
  });
  const codebook = useQuery({
    queryKey: codebookKey(instrument, number),
    queryFn: () => getCodebook(instrument, number),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Loaded query={query} what="the instrument" heading="Instrument">
      {(detail) => (
        <Loaded query={codebook} what="the codebook" heading={`${detail.instrument.title}, version ${number}`}>
          {(book) => <InstrumentView detail={detail} codebook={book} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function InstrumentView({ detail, codebook }: { detail: InstrumentDetail; codebook: Codebook }) {
  const { instrument } = detail;
  return (
    <Page
      title={`${instrument.title}, version ${instrument.version}`}
      crumbs={[{ to: '/instruments', title: 'Instruments' }]}
      lead={<p>{instrument.description}</p>}
      actions={<VersionSteps detail={detail} />}
    >
      {detail.state === 'retired' && (
        <div className="notice">
          <p>
            <strong>Retired.</strong> No new administration can choose this version. Those that have it go on.
          </p>
        </div>
      )}
      <Facts
        facts={[
          ['Kind', `${kindTitles[instrument.kind]}, ${subjectTitles[instrument.subject]}`],
          ['Published', formatInstant(detail.publishedAt)],
          ['Permission', permissionTitles[instrument.permission.status]],
          ['Published by', detail.publishedBy],
          ['Why', detail.why],
          ['Languages', <Languages key="languages" detail={detail} />],
          ['SHA-256', <code key="hash">{detail.hash}</code>],
        ]}
      />
      <section aria-labelledby="permission" className="measure">
        <h2 id="permission">Permission</h2>
        <p>
          <strong>{instrument.permission.holder}.</strong> {instrument.permission.note}
        </p>
      </section>
      <Sources instrument={instrument} />
      {instrument.scales.length > 0 && (
        <section aria-labelledby="scales">
          <h2 id="scales">Scales</h2>
          <div className="scales">
            {instrument.scales.map((scale) => (
              <ScaleCard key={scale.id} scale={scale} codebook={codebook} />
            ))}
          </div>
        </section>
      )}
      <section aria-labelledby="codebook">
        <h2 id="codebook">Codebook</h2>
        <CodebookTables
          codebook={codebook}
          file={fileName([instrument.id, `v${instrument.version}`, 'codebook'], 'csv')}
        />
        <MissingCodes />
      </section>
    </Page>
  );
}

/** Each language with its second reader. */
function Languages({ detail: { instrument, languages } }: { detail: InstrumentDetail }) {
  return instrument.languages.map((language) => {
    const signed = languages.find((one) => one.language === language)?.signedOff;
    const reader = signed?.by.name ?? 'somebody whose account has gone';
    return (
      <span key={language} className="language-line">
        {ownName(language)}: {signed ? `signed off by ${reader}, ${formatInstant(signed.at)}` : 'no second reader'}
      </span>
    );
  });
}

function Sources({ instrument }: { instrument: Instrument }) {
  if (instrument.sources.length === 0) return null;
  return (
    <section aria-labelledby="sources" className="measure">
      <h2 id="sources">Sources</h2>
      <ul className="sources">
        {instrument.sources.map((source) => (
          <li key={source.reference}>
            {source.url ? (
              <a href={source.url} rel="noreferrer">
                {source.reference}
              </a>
            ) : (
              source.reference
            )}
            <br />
            <span className="soft">{source.use}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ScaleCard({ scale, codebook }: { scale: Scale; codebook: Codebook }) {
  const labels = new Map(codebook.variables.map((variable) => [variable.name, variable.label]));
  return (
    <article className="card scale" aria-labelledby={`scale-${scale.id}`}>
      <h3 id={`scale-${scale.id}`}>{scale.title}</h3>
      <p>{scale.construct}</p>
      <p className="soft">
        {scale.score === 'mean' ? 'Mean' : 'Sum'} of {scale.items.length} items from {scale.range.min} to{' '}
        {scale.range.max}, if at least {scale.minimumAnswered} are answered.{' '}
        {scale.aggregation === 'person-first'
          ? 'For a school, scores of persons are averaged.'
          : 'For a school, each item is averaged first.'}
      </p>
      <ol className="scale-items">
        {scale.items.map((item) => (
          <li key={item.name}>
            <code>{item.name}</code> {labels.get(item.name) ?? ''}{' '}
            {item.reversed && <span className="mark">Reversed</span>}
          </li>
        ))}
      </ol>
      {scale.referenceValues.length > 0 && (
        <>
          <h4>Reference values</h4>
          <ul className="sources">
            {scale.referenceValues.map((value) => (
              <li key={`${value.statistic} ${value.sample}`}>
                {value.statistic}: {formatNumber(value.value, 2)}, {value.sample}{' '}
                <span className="soft">({value.source})</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}
