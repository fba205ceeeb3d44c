/** What a dataset would be: sizes, notes, rules of pooling, rare schools, and the first rows. Used by `dataset.tsx`. */
import type { DatasetPreview } from '../../shared/datasets-api.ts';
import { counted, formatNumber } from '../../shared/format.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';

const mostShown = 50;

export function PreviewView({ preview }: { preview: DatasetPreview }) {
  const { counts, tables, notes, rules, anonymity, header, first } = preview;
  const pooled = rules.filter(({ rule }) => rule !== 'as asked' && rule !== 'same');
  return (
    <>
      <p>
        {counted(counts.responses, 'response')}, of them {formatNumber(counts.partial)} partial;{' '}
        {formatNumber(counts.withdrawn)} withdrawn and left out.
      </p>
      {notes.length > 0 && (
        <ul>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <h3>Tables</h3>
      <Rows
        label="Tables of the dataset"
        header={['Table', 'Rows', 'Variables', 'Cells with a reason instead of a value']}
        rows={tables.map(({ name, rows, variables, missing }) => [name, rows, variables, missing])}
      />
      {anonymity && (
        <>
          <h3>Schools that could be told</h3>
          {anonymity.rare.length === 0 ? (
            <p>Every combination of arm, phase, pupils and disadvantage has at least {anonymity.k} schools.</p>
          ) : (
            <>
              <p className="measure">
                These combinations of arm, phase, pupils and disadvantage have fewer than {anonymity.k} schools. Whoever
                knows the area may know the school. {formatNumber(anonymity.rare.length)} in all; the files have the
                whole list.
              </p>
              <Rows
                label="Rare combinations of school-level columns"
                header={['Arm', 'Phase', 'Pupils', 'Disadvantaged', 'Schools']}
                rows={anonymity.rare
                  .slice(0, mostShown)
                  .map((one) => [one.arm, one.phase, one.pupils, one.disadvantaged, one.schools])}
              />
            </>
          )}
          {anonymity.rareClusters.length > 0 && (
            <>
              <p className="measure">
                These clusters have a number of schools that fewer than {anonymity.k} clusters of their arm have.
              </p>
              <Rows
                label="Clusters of a rare size"
                header={['Arm', 'Schools in the cluster', 'Clusters']}
                rows={anonymity.rareClusters.map((one) => [one.arm, one.schools, one.clusters])}
              />
            </>
          )}
        </>
      )}
      {pooled.length > 0 && (
        <>
          <h3>How versions were pooled</h3>
          <Rows
            label="Rules of pooling"
            header={['Column', 'Instrument', 'Version', 'Variable', 'Rule', 'Detail', 'Said by']}
            rows={pooled.map((rule) => [
              rule.column,
              rule.instrument,
              rule.version,
              rule.variable,
              rule.rule,
              rule.detail,
              rule.source,
            ])}
          />
        </>
      )}
      <h3>First rows</h3>
      {first.length === 0 ? <p>There is no response yet.</p> : <Rows label="First rows" header={header} rows={first} />}
    </>
  );
}

type Cell = string | number | null;

function Rows(props: { label: string; header: readonly string[]; rows: readonly (readonly Cell[])[] }) {
  const { label, header, rows } = props;
  return (
    <ScrollRegion label={label}>
      <table>
        <thead>
          <tr>
            {header.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={JSON.stringify(cells.slice(0, 5))}>
              {cells.map((cell, at) => (
                <td key={header[at] ?? at}>{typeof cell === 'number' ? formatNumber(cell) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
