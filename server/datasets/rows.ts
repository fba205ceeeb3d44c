/**
 * From stored responses to coded rows, a batch at a time: the cursor is read as the rows are wanted, so memory stays
 * flat however many there are, and the event loop gets its turn between batches. Used by every export and report.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { codeRow, type Row } from '../../instruments/coding.ts';
import { type ScaleScore, scoreRow } from '../../instruments/scoring.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { type StoredResponse, streamResponses } from '../responses/store.ts';
import type { Cell } from './cells.ts';
import type { Dataset } from './dataset.ts';

export interface DataRow {
  /** Values of the response columns, in their order. */
  readonly response: readonly Cell[];
  readonly coded: Row;
  /** Aligned with the scales of the instrument. */
  readonly scores: readonly ScaleScore[];
}

const batchSize = 200;

/** All rows of an administration in batches, ordered by response id, which says nothing about time. */
export async function* datasetRows(
  context: Pick<Context, 'db'>,
  dataset: Dataset,
): AsyncGenerator<DataRow[], void, undefined> {
  let batch: DataRow[] = [];
  for await (const response of streamResponses(context.db, dataset.study.id, dataset.administration.id)) {
    batch.push(rowOf(dataset, response));
    if (batch.length === batchSize) {
      yield batch;
      batch = [];
      await turn();
    }
  }
  if (batch.length > 0) yield batch;
}

/** One response, coded and scored. */
export function rowOf(
  dataset: Pick<Dataset, 'compiled' | 'study' | 'administration'>,
  response: StoredResponse,
): DataRow {
  const { compiled, study, administration } = dataset;
  const coded = codeRow(compiled, response);
  // An anonymous response carries midnight UTC of its day and nothing finer.
  const timeZone = administration.mode === 'anonymous' ? 'UTC' : study.timeZone;
  return {
    response: [
      response._id,
      response.study,
      response.administration,
      response.wave,
      response.arm,
      response.cluster,
      response.school,
      response.role,
      response.person,
      response.completion,
      dayIn(timeZone, response.receivedAt),
      response.instrument,
      response.version,
    ],
    coded,
    scores: scoreRow(compiled, coded),
  };
}
