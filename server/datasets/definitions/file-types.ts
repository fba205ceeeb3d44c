/** What the files of a built dataset are called, and what they are on the wire. Used by the routes of datasets and exports. */
import type { DatasetDefinition } from './definition.ts';
import type { BuiltFormat } from './files.ts';

export const fileTypes: Readonly<
  Record<BuiltFormat, { readonly type: string; readonly ending: string; readonly what: string }>
> = {
  csv: { type: 'text/csv; charset=utf-8', ending: 'csv', what: 'as CSV in codes' },
  sav: { type: 'application/x-spss-sav', ending: 'sav', what: 'for SPSS' },
  dta: { type: 'application/x-stata-dta', ending: 'dta', what: 'for Stata' },
  parquet: { type: 'application/vnd.apache.parquet', ending: 'parquet', what: 'as Parquet' },
  jsonl: { type: 'application/jsonl', ending: 'jsonl', what: 'as JSON Lines' },
  xlsx: {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ending: 'xlsx',
    what: 'as a workbook with all tables',
  },
  zip: { type: 'application/zip', ending: 'zip', what: 'in every format, with all tables and descriptions' },
  r: { type: 'text/plain; charset=utf-8', ending: 'R', what: 'as the script that reads its CSV file into R' },
  ddi: { type: 'application/xml', ending: 'xml', what: 'as a DDI-Codebook document' },
};

export const builtFormats = Object.keys(fileTypes) as BuiltFormat[];

/**
 * @example
 * builtFileName('spp', { name: 'trust-waves' }, 'sav'); // => 'spp-trust-waves.sav'
 */
export function builtFileName(study: string, { name }: Pick<DatasetDefinition, 'name'>, format: BuiltFormat): string {
  return `${study}-${name}.${fileTypes[format].ending}`;
}
