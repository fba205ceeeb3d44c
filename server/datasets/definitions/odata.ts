/**
 * The datasets of a study as an OData 4.01 feed, as Excel and Power BI read it: the service document, its metadata in CSDL, and
 * pages of rows. Names of columns are those of the files; a gap is null, and its reason stands in `<name>_gap`. Called by
 * `odata-routes.ts`.
 */
import type { FileKind, FileRow, FileVariable } from '../file-columns.ts';
import type { FileTable } from '../file-table.ts';
import { xmlText } from '../formats/xml-text.ts';

const types: Readonly<Record<FileKind, string>> = {
  integer: 'Edm.Int64',
  number: 'Edm.Double',
  text: 'Edm.String',
  date: 'Edm.Date',
  // A local time without a zone, and times of people's own wording: OData has no type for either.
  datetime: 'Edm.String',
  time: 'Edm.String',
};

const namespace = 'Fidelis';

export interface FeedColumn {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  valueIn(row: FileRow): string | number | null;
}

/** Columns of a feed: each variable, and behind one that may have gaps the reason in words. */
export function feedColumns({ variables }: Pick<FileTable, 'variables'>): FeedColumn[] {
  const names = new Set(variables.map(({ name }) => name));
  return variables.flatMap((variable, at): FeedColumn[] => {
    const { name, label, gaps, gapOf } = variable;
    const reason = (row: FileRow) => row.reasons[at] ?? null;
    if (gapOf !== undefined) return [{ name, type: 'Edm.String', label, valueIn: reason }];
    // Behind a text, day or time stands the column that tells its gaps.
    const told = variables[at + 1]?.gapOf === name;
    const column = {
      name,
      type: types[variable.kind],
      label,
      valueIn: (row: FileRow) => valueAt(variable, row, at, told),
    };
    if (!gaps) return [column];
    let own = `${name}_gap`;
    while (names.has(own)) own += '_';
    return [column, { name: own, type: 'Edm.String', label: `Why there is no value in ${name}`, valueIn: reason }];
  });
}

function valueAt(
  { kind }: FileVariable,
  { values, reasons }: FileRow,
  at: number,
  told: boolean,
): string | number | null {
  if ((reasons[at] ?? null) !== null || (told && (reasons[at + 1] ?? null) !== null)) return null;
  const value = values[at] ?? null;
  return kind === 'date' && value === '' ? null : value;
}

/** A name in OData: letters, digits and underscores. */
export const entitySetName = (dataset: string) => dataset.replaceAll('-', '_');

export interface FeedSet {
  readonly name: string;
  readonly columns: readonly FeedColumn[];
  readonly key: readonly string[];
}

/** The metadata document of the given sets. */
export function metadataDocument(sets: readonly FeedSet[]): string {
  const entity = ({ name, columns, key }: FeedSet) => `<EntityType Name="${xmlText(name)}">
<Key>${key.map((column) => `<PropertyRef Name="${xmlText(column)}"/>`).join('')}</Key>
${columns
  .map(
    (column) =>
      `<Property Name="${xmlText(column.name)}" Type="${column.type}"${key.includes(column.name) ? ' Nullable="false"' : ''}><Annotation Term="Org.OData.Core.V1.Description" String="${xmlText(column.label)}"/></Property>`,
  )
  .join('\n')}
</EntityType>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>
<edmx:DataServices>
<Schema Namespace="${namespace}" xmlns="http://docs.oasis-open.org/odata/ns/edm">
${sets.map(entity).join('\n')}
<EntityContainer Name="Datasets">
${sets.map(({ name }) => `<EntitySet Name="${xmlText(name)}" EntityType="${namespace}.${xmlText(name)}"/>`).join('\n')}
</EntityContainer>
</Schema>
</edmx:DataServices>
</edmx:Edmx>
`;
}
