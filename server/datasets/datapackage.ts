/** The Frictionless `datapackage.json` of a folder of CSV files: what each file is, its columns, its size and its hash. */
import type { Described } from './ddi.ts';
import type { FileTable } from './file-table.ts';
import { missingReasonTexts, tableSchema } from './table-schema.ts';

export interface PackagedFile {
  readonly path: string;
  readonly table: FileTable;
}

export function dataPackage({ study, id, title, at, datasets }: Described, files: readonly PackagedFile[]): string {
  const versions = new Map(
    datasets.map(({ instrument: { id: instrument, title: of, version }, hash }) => [
      hash,
      { id: instrument, title: of, version, sha256: hash },
    ]),
  );
  const descriptor = {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `${study.id}-${id}`,
    title,
    description: study.description,
    created: at.toISOString(),
    instruments: [...versions.values()],
    simulated: study.simulated,
    missingReasons: missingReasonTexts,
    resources: files.map(({ path, table }) => ({
      name: table.name.replaceAll('_', '-'),
      type: 'table',
      path,
      title: table.title,
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      dialect: { delimiter: ',', lineTerminator: '\r\n', quoteChar: '"', doubleQuote: true, header: true },
      schema: tableSchema(table),
    })),
  };
  return `${JSON.stringify(descriptor, null, 2)}\n`;
}
