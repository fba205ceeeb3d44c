/** The OData feed of a study over HTTP: what there is, how it is made, and rows. Excel signs in with a token as password. */
import { z } from 'zod';
import { studyParams } from '../../administrations/schemas.ts';
import type { Context } from '../../context.ts';
import { type Call, route } from '../../http.ts';
import { Problem } from '../../problems.ts';
import { getStudy } from '../../studies/store.ts';
import type { FileTable } from '../file-table.ts';
import { sendBody, writeText } from '../formats/body.ts';
import { checkDefinition } from './check.ts';
import type { DatasetDefinition } from './definition.ts';
import { mainOf } from './files.ts';
import { at } from './lines.ts';
import { mainTable } from './main-table.ts';
import { entitySetName, type FeedColumn, type FeedSet, feedColumns, metadataDocument } from './odata.ts';
import { listDefinitions } from './store.ts';
import { isKnown, mayHave, withDataset } from './use.ts';

const path = '/api/studies/:study/odata' as const;
const version = { 'OData-Version': '4.0', 'Cache-Control': 'private, no-cache' } as const;

const whole = z.coerce.number().int().min(0);
const shape = {
  $top: whole.optional(),
  $skip: whole.default(0),
  $count: z.enum(['true', 'false']).default('false'),
  $select: z.string().min(1).max(20_000).optional(),
  $format: z.enum(['json', 'application/json']).optional(),
};
/** The standard's own options that are not there are refused; those that clients add for themselves are passed over. */
const withoutOwn = (query: unknown) =>
  Object.fromEntries(Object.entries(query ?? {}).filter(([name]) => name.startsWith('$')));
const options = z.preprocess(withoutOwn, z.strictObject(shape));
const none = z.preprocess(withoutOwn, z.strictObject({}));

export const odataRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'The OData service document of a study: an entity set for each defined dataset',
    params: studyParams,
    answer: z.object({
      '@odata.context': z.string(),
      value: z.array(z.object({ name: z.string(), kind: z.string(), url: z.string() })),
    }),
    async handle({ params }, call) {
      const sets = await definitionsFor(call, params.study);
      call.response.set(version);
      return {
        '@odata.context': `${rootOf(call, params.study)}/$metadata`,
        value: sets.map(({ name }) => ({ name: entitySetName(name), kind: 'EntitySet', url: entitySetName(name) })),
      };
    },
  }),
  route({
    method: 'GET',
    path: `${path}/$metadata`,
    summary: 'The columns of the OData feed, in CSDL',
    params: studyParams,
    answer: 'application/xml',
    async handle({ params }, call) {
      const sets: FeedSet[] = [];
      for (const definition of await definitionsFor(call, params.study)) {
        const set = await setOf(call.context, params.study, definition);
        if (set) sets.push(set);
      }
      call.response.status(200).set(version).type('application/xml').send(metadataDocument(sets));
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:set`,
    summary: 'Rows of a dataset for OData clients, with $top, $skip, $count and $select',
    params: studyParams.extend({ set: z.string().min(1).max(64) }),
    query: options,
    answer: 'application/json',
    async handle({ params, query }, call) {
      await withDataset(call, params.study, await definitionOf(call, params), async (built) => {
        if (isKnown(call, built)) return;
        const table = mainOf(built);
        const columns = chosen(feedColumns(table), query.$select);
        const context = `${rootOf(call, params.study)}/$metadata#${params.set}${query.$select === undefined ? '' : `(${columns.map(({ name }) => name).join(',')})`}`;
        const out = call.response.status(200).set(version).set('ETag', `"${built.sha256}"`);
        out.type('application/json;odata.metadata=minimal;charset=utf-8');
        await sendBody(out, async (body) => {
          const count = query.$count === 'true' ? `"@odata.count":${table.rows},` : '';
          await writeText(body, `{"@odata.context":${JSON.stringify(context)},${count}"value":[`);
          for await (const text of rowsOf(table, columns, query.$skip, query.$top)) await writeText(body, text);
          await writeText(body, ']}');
          body.end();
        });
      });
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:set/$count`,
    summary: 'How many rows a dataset has, for OData clients',
    params: studyParams.extend({ set: z.string().min(1).max(64) }),
    query: none,
    answer: 'text/plain',
    async handle({ params }, call) {
      await withDataset(call, params.study, await definitionOf(call, params), async (built) => {
        if (isKnown(call, built)) return;
        const out = call.response.status(200).set(version).set('ETag', `"${built.sha256}"`);
        out.type('text/plain').send(String(mainOf(built).rows));
      });
    },
  }),
];

async function definitionOf(call: Call, { study, set }: { study: string; set: string }): Promise<DatasetDefinition> {
  const found = (await definitionsFor(call, study)).find(({ name }) => entitySetName(name) === set);
  if (found) return found;
  throw new Problem('not-found', { detail: `The feed of "${study}" has no set "${set}".` });
}

/** Those that this account may have. */
async function definitionsFor(call: Call, study: string): Promise<DatasetDefinition[]> {
  await getStudy(call.context.db, study);
  const stored = await listDefinitions(call.context.db, study);
  return stored.map(({ definition }) => definition).filter((definition) => mayHave(call, definition));
}

const rootOf = ({ context }: Call, study: string) => `${context.config.publicUrl}/api/studies/${study}/odata`;

/** Null for a dataset that cannot be built any more. */
async function setOf(context: Context, study: string, definition: DatasetDefinition): Promise<FeedSet | null> {
  try {
    const checked = await checkDefinition(context, await getStudy(context.db, study), definition);
    const { table } = await mainTable(definition, checked, nothing, at.person);
    await table.close();
    const [first] = table.variables;
    return { name: entitySetName(definition.name), columns: feedColumns(table), key: first ? [first.name] : [] };
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

async function* nothing(): AsyncGenerator<never[]> {}

function chosen(columns: readonly FeedColumn[], select: string | undefined): readonly FeedColumn[] {
  if (select === undefined || select.trim() === '*') return columns;
  return select.split(',').map((given) => {
    const name = given.trim();
    const column = columns.find((one) => one.name === name);
    if (column) return column;
    const message = `There is no column "${name}".`;
    throw new Problem('invalid-request', { issues: [{ code: 'unknown-column', path: 'query.$select', message }] });
  });
}

async function* rowsOf(
  { read }: FileTable,
  columns: readonly FeedColumn[],
  skip: number,
  top: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  let number = 0;
  for await (const batch of read()) {
    let text = '';
    for (const row of batch) {
      const place = number - skip;
      number += 1;
      if (place < 0 || place >= top) continue;
      const values = columns.map(({ name, valueIn }) => [name, valueIn(row)] as const);
      text += `${place === 0 ? '' : ','}${JSON.stringify(Object.fromEntries(values))}`;
    }
    if (text !== '') yield text;
    if (number >= skip + top) return;
  }
}
