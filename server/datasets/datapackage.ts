/** The Frictionless `datapackage.json` of a folder of CSV files: what each file is, its columns, its size and its hash. */
import type { Dataset } from './dataset.ts';
import type { FileTable } from './file-table.ts';
import { missingReasonTexts, tableSchema } from './table-schema.ts';

export interface PackagedFile {
  readonly path: string;
  readonly table: FileTable;
}

export function dataPackage(dataset: Dataset, files: readonly PackagedFile[]): string {
  const { study, administration, instrument, hash, at } = dataset;
  const descriptor = {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `${study.id}-${administration.id}`,
    title: `${study.title}: ${administration.title}`,
    description: study.description,
    created: at.toISOString(),
    version: String(instrument.version),
    instrument: { id: instrument.id, title: instrument.title, version: instrument.version, sha256: hash },
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
