/** Datasets over HTTP: how large one is, and its files. */
import type { Response } from 'express';
import { z } from 'zod';
import { administrationParams } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { whileAwaited } from '../hang-up.ts';
import { type Call, route } from '../http.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { countResponses } from '../responses/counts.ts';
import { type Dataset, fileStem, loadDataset } from './dataset.ts';
import { exportCsv, exportFileTables, exportParts, type TableFormat } from './export.ts';
import type { Part } from './part.ts';
import { streamRows } from './rows.ts';

const path = '/api/studies/:study/administrations/:administration/dataset' as const;

const mediaTypes = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  zip: 'application/zip',
  sav: 'application/x-spss-sav',
  dta: 'application/x-stata-dta',
  parquet: 'application/vnd.apache.parquet',
  jsonl: 'application/jsonl',
} as const;
type Format = keyof typeof mediaTypes;

const descriptions: Readonly<Record<Format, string>> = {
  xlsx: 'Workbook: data in codes and labelled, codebook, scales, about; a sheet for each linked table.',
  zip: 'Everything: CSV, SPSS, Stata and Parquet files, linked tables, codebook, syntax for R, SPSS and Stata, DDI, README.',
  csv: 'The data alone, in codes.',
  sav: 'The data for SPSS, with labels, levels and user-missing values.',
  dta: 'The data for Stata 14 and later, with labels and tagged missing values.',
  parquet: 'The data as Parquet, typed, with the reason of each gap in a column of its own.',
  jsonl: 'The data as JSON Lines: an object for each response, with the reasons of gaps.',
};

const audiences: Readonly<Record<TableFormat, string>> = {
  sav: 'for SPSS',
  dta: 'for Stata',
  parquet: 'as Parquet',
  jsonl: 'as JSON Lines',
};

/** Above this many responses the share of missing cells is not counted for the screen: every row would be coded. */
const countedRows = 20_000;

/** Without it, arm, cluster, school and role are those that each response was given with. */
const asAtQuery = z.object({ asAt: z.union([z.literal('allocated'), z.iso.date()]).optional() });
type Wanted = z.output<typeof administrationParams> & { readonly asAt?: string | null | undefined };

export const datasetRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'The size of the coded dataset and its files',
    params: administrationParams,
    answer: z.object({
      rows: z.number(),
      variables: z.number(),
      missingShare: z.number().nullable(),
      files: z.array(z.object({ format: z.string(), url: z.string(), description: z.string() })),
    }),
    async handle({ params }, { context }) {
      const base = `/api/studies/${params.study}/administrations/${params.administration}/dataset`;
      return {
        ...(await measure(context, params.study, params.administration)),
        files: (['xlsx', 'zip', 'csv', 'sav', 'dta', 'parquet', 'jsonl'] as const).map((format) => ({
          format,
          url: `${base}.${format}`,
          description: descriptions[format],
        })),
      };
    },
  }),
  route({
    method: 'GET',
    path: `${path}.csv`,
    summary: 'The coded data as CSV',
    params: administrationParams,
    query: asAtQuery,
    answer: 'text/csv',
    async handle({ params, query }, call) {
      const dataset = await loadDataset(call.context, params.study, params.administration, query.asAt ?? null);
      await whileAwaited(call.response, () => exportCsv(call.context, dataset, opened(call.response, dataset, 'csv')));
    },
  }),
  route({
    method: 'GET',
    path: `${path}.xlsx`,
    summary: 'The dataset as a workbook',
    params: administrationParams,
    query: asAtQuery,
    answer: mediaTypes.xlsx,
    handle: ({ params, query }, call) => downloadParts(call, { ...params, ...query }, 'xlsx'),
  }),
  route({
    method: 'GET',
    path: `${path}.zip`,
    summary: 'The dataset in every format with its codebook, syntax and descriptions in a zip',
    params: administrationParams,
    query: asAtQuery,
    answer: mediaTypes.zip,
    handle: ({ params, query }, call) => downloadParts(call, { ...params, ...query }, 'zip'),
  }),
  ...(['sav', 'dta', 'parquet', 'jsonl'] as const).map((format) =>
    route({
      method: 'GET',
      path: `${path}.${format}`,
      summary: `The coded data ${audiences[format]}`,
      params: administrationParams,
      query: asAtQuery,
      answer: mediaTypes[format],
      handle: ({ params, query }, call) => downloadTable(call, { ...params, ...query }, format),
    }),
  ),
];

async function downloadParts(
  call: Call,
  { study, administration, asAt = null }: Wanted,
  format: 'xlsx' | 'zip',
): Promise<void> {
  const { context, response } = call;
  await whileAwaited(response, (signal) => {
    const open = ([part]: readonly Part[]) => (part ? opened(response, part.dataset, format) : response);
    return exportParts(context, study, [administration], format, open, signal, asAt);
  });
}

async function downloadTable(
  call: Call,
  { study, administration, asAt = null }: Wanted,
  format: TableFormat,
): Promise<void> {
  const { context, response } = call;
  await whileAwaited(response, async (signal) => {
    const dataset = await loadDataset(context, study, administration, asAt);
    await exportFileTables(
      context,
      { study, administration, format, asAt },
      async ({ name }, _stem, write) => {
        if (name === 'data') await write(opened(response, dataset, format));
      },
      signal,
    );
  });
}

/** The response with the headers of a file. */
function opened(response: Response, dataset: Dataset, format: Format): Response {
  return response
    .status(200)
    .set('Content-Type', mediaTypes[format])
    .set('Content-Disposition', `attachment; filename="${fileStem(dataset)}.${format}"`)
    .set('Cache-Control', 'no-store');
}

async function measure(context: Context, study: string, administrationId: string) {
  const administration = await getAdministration(context.db, study, administrationId);
  const { codebook } = await compiledInstrument(context.db, administration.instrument, administration.version);
  const variables = codebook.variables.length;
  const counts = await countResponses(context.db, study, administrationId, 'all');
  const counted = counts.reduce((sum, { complete, partial }) => sum + complete + partial, 0);
  if (counted > countedRows) return { rows: counted, variables, missingShare: null };
  let rows = 0;
  let missing = 0;
  for await (const { row } of streamRows(context, administration)) {
    rows += 1;
    for (const reason of row.reasons) if (reason !== null) missing += 1;
  }
  return { rows, variables, missingShare: rows * variables === 0 ? null : missing / (rows * variables) };
}
