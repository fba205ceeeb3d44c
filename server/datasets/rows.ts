/**
 * From stored responses to coded rows: the cursor is read as the rows are wanted, so memory stays flat however many
 * there are, and the event loop gets its turn in between. Used by every export and report.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { codeRow, type Row } from '../../instruments/coding.ts';
import { type ScaleScore, scoreRow } from '../../instruments/scoring.ts';
import type { Administration } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { type StoredResponse, streamResponses } from '../responses/store.ts';
import type { Cell } from './cells.ts';
import type { Dataset } from './dataset.ts';
import { type DayPlace, placeFinder } from './places.ts';

/** A response with what coding and scoring make of it. */
export interface CodedResponse {
  readonly response: StoredResponse;
  readonly row: Row;
  /** Aligned with the scales of the instrument. */
  readonly scores: readonly ScaleScore[];
}

/** A line of a dataset, ready for any format. */
export interface DataRow {
  /** Values of the response columns, in their order. */
  readonly response: readonly Cell[];
  readonly coded: Row;
  readonly scores: readonly ScaleScore[];
}

const batchSize = 200;

/** All responses of an administration, coded and scored, ordered by id, which says nothing about time. */
export async function* streamRows(
  context: Pick<Context, 'db'>,
  { study, id, instrument, version }: Pick<Administration, 'study' | 'id' | 'instrument' | 'version'>,
  scope: Scope = 'all',
): AsyncGenerator<CodedResponse, void, undefined> {
  const compiled = await compiledInstrument(context.db, instrument, version);
  let coded = 0;
  for await (const response of streamResponses(context.db, study, id, scope)) {
    const row = codeRow(compiled, response);
    yield { response, row, scores: scoreRow(compiled, row) };
    coded += 1;
    if (coded % batchSize === 0) await turn();
  }
}

/** The lines of a dataset, in batches. */
export async function* datasetRows(
  context: Pick<Context, 'db'>,
  dataset: Pick<Dataset, 'administration' | 'study'> & Partial<Pick<Dataset, 'asAt'>>,
): AsyncGenerator<DataRow[], void, undefined> {
  const { administration, study } = dataset;
  const anonymous = administration.mode === 'anonymous';
  const finder = dataset.asAt ? await placeFinder(context.db, study.id, dataset.asAt) : null;
  const rowsOf = async (batch: readonly CodedResponse[]): Promise<DataRow[]> => {
    const responses = batch.map(({ response }) => response);
    const places = finder ? await finder.find(responses) : responses;
    return batch.map(({ response, row, scores }, at) => ({
      response: responseCells(response, places[at] ?? response, study.timeZone, anonymous),
      coded: row,
      scores,
    }));
  };
  let batch: CodedResponse[] = [];
  for await (const coded of streamRows(context, administration)) {
    batch.push(coded);
    if (batch.length === batchSize) {
      yield await rowsOf(batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield await rowsOf(batch);
}

/** In the order of `responseColumns`. */
function responseCells(response: StoredResponse, place: DayPlace, timeZone: string, anonymous: boolean): Cell[] {
  // What came through an anonymous link, or on paper, knows no day.
  const dayless = anonymous && (response.source === 'web' || response.source === 'paper');
  const day = dayless ? null : dayIn(anonymous ? 'UTC' : timeZone, response.receivedAt);
  return [
    response._id,
    response.study,
    response.administration,
    response.wave,
    place.arm,
    place.cluster,
    place.school,
    place.role,
    response.person,
    response.completion,
    day,
    response.instrument,
    response.version,
  ];
}
