/** The coded dataset of an administration: how large it is, its files, and what its variables mean. */
import { useQuery } from '@tanstack/react-query';
import { type DatasetSummary, getDataset } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { formatNumber, formatPercent } from '../../shared/format.ts';
import { getCodebook } from '../../shared/instruments-api.ts';
import { type Fieldwork, fileStem, useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey, codebookKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { CodebookTables, MissingCodes } from './codebook.tsx';
import { SimulatePilot } from './simulate-pilot.tsx';

const formatTitles: Readonly<Record<string, string>> = {
  xlsx: 'Excel workbook',
  zip: 'Everything in one zip',
  csv: 'CSV data',
  sav: 'SPSS data',
  dta: 'Stata data',
  parquet: 'Parquet data',
  jsonl: 'JSON Lines data',
};

export function DataPart() {
  const fieldwork = useFieldwork();
  const mayExport = useMay('dataset.export', fieldwork.detail.study.id);
  const mayManage = useMay('administration.manage', fieldwork.detail.study.id);
  const { administration } = fieldwork;
  const { instrument, version } = administration;
  const codebook = useQuery({
    queryKey: codebookKey(instrument, version),
    queryFn: () => getCodebook(instrument, version),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Part title="Data" of={administration.title}>
      {administration.pilot && mayManage && <SimulatePilot fieldwork={fieldwork} />}
      {mayExport ? (
        <Files fieldwork={fieldwork} />
      ) : (
        <NotYours title="The data files are for analysts, evaluators and administrators">
          They hold the answers of every single person. The report shows what may be told of groups, and the codebook
          below what was asked.
        </NotYours>
      )}
      <section aria-labelledby="codebook">
        <h3 id="codebook">Codebook</h3>
        <Loaded query={codebook} what="the codebook">
          {(book) => (
            <>
              <CodebookTables codebook={book} file={fileName([...fileStem(fieldwork), 'codebook'], 'csv')} />
              <MissingCodes />
            </>
          )}
        </Loaded>
      </section>
    </Part>
  );
}

function Files({ fieldwork }: { fieldwork: Fieldwork }) {
  const { administration, detail } = fieldwork;
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'dataset'],
    queryFn: () => getDataset(detail.study.id, administration.id),
  });
  return (
    <Loaded query={query} what="the dataset">
      {(dataset) => <Dataset dataset={dataset} />}
    </Loaded>
  );
}

function Dataset({ dataset }: { dataset: DatasetSummary }) {
  return (
    <>
      <dl className="figures">
        <Figure name="Responses" value={formatNumber(dataset.rows)} />
        <Figure name="Variables" value={formatNumber(dataset.variables)} />
        <Figure name="Cells without a value" value={formatPercent(dataset.missingShare, 1)} />
      </dl>
      {dataset.rows === 0 && (
        <Empty title="No response yet">The files can be downloaded all the same: they hold the columns.</Empty>
      )}
      <ul className="tiles files">
        {dataset.files.map((file) => (
          <li key={file.format} className="card tile">
            <h3>{formatTitles[file.format] ?? file.format}</h3>
            <p className="soft">{file.description}</p>
            <p>
              <a className="button button-main" href={file.url} download>
                Download .{file.format}
              </a>
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
