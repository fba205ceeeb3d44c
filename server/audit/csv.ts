/** The audit as CSV, from a cursor. Called by the audit's routes and by `fidelis audit export`. */
import type { Writable } from 'node:stream';
import type { Response } from 'express';
import type { Context } from '../context.ts';
import { ReaderGone } from '../datasets/formats/body.ts';
import { type CsvCell, writeCsv } from '../datasets/formats/csv.ts';
import { type AuditSearch, actorNames, filterOf } from './search.ts';
import { type AuditEntry, readAuditEntries } from './store.ts';

const header =
  'number,at,verb,actor_kind,actor_id,actor_name,study,thing,outcome,detail,from,request,previous,hash'.split(',');
const batchSize = 500;

/** Writes all that fits, oldest first, and ends `out`. */
export async function writeAuditCsv(context: Pick<Context, 'db'>, search: AuditSearch, out: Writable): Promise<void> {
  const names = await actorNames(context);
  const entries = readAuditEntries(context.db, await filterOf(context, search));
  await writeCsv(out, header, inBatches(entries, names));
}

/** The same as an answer; whoever hangs up has what they wanted. */
export async function auditCsv(context: Context, search: AuditSearch, response: Response, file: string): Promise<void> {
  response.type('text/csv').attachment(file);
  try {
    await writeAuditCsv(context, search, response);
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  }
}

async function* inBatches(
  entries: AsyncIterable<AuditEntry>,
  names: ReadonlyMap<string, string>,
): AsyncGenerator<CsvCell[][]> {
  let batch: CsvCell[][] = [];
  for await (const entry of entries) {
    batch.push(lineOf(entry, names));
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function lineOf(entry: AuditEntry, names: ReadonlyMap<string, string>): CsvCell[] {
  const { _id, at, verb, actor, study, thing, outcome, detail, from, request, previous, hash } = entry;
  const who = [actor.kind, actor.id, names.get(actor.id ?? '') ?? null];
  return [
    _id,
    at.toISOString(),
    verb,
    ...who,
    study,
    JSON.stringify(thing),
    outcome,
    detail,
    from,
    request,
    previous,
    hash,
  ];
}
