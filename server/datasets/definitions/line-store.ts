/**
 * Responses on disk that can be read again in any order, so that memory holds an index and no answers. Called by
 * `wide-table.ts` and, for controlled datasets, by `build.ts`.
 */
import { openNameless } from '../spool-file.ts';
import type { Line } from './column-groups.ts';

export interface LinePlace {
  readonly offset: number;
  readonly bytes: number;
}

export interface LineStore {
  /** Where each of them stands from then on. */
  add(lines: readonly Line[]): Promise<LinePlace[]>;
  at(place: LinePlace): Promise<Line>;
  close(): Promise<void>;
}

export async function newLineStore(): Promise<LineStore> {
  const file = await openNameless();
  let end = 0;
  return {
    async add(lines) {
      const texts = lines.map((line) => Buffer.from(JSON.stringify(line), 'utf8'));
      const places = texts.map(({ length }) => {
        const place = { offset: end, bytes: length };
        end += length;
        return place;
      });
      await file.appendFile(Buffer.concat(texts));
      return places;
    },
    async at({ offset, bytes }) {
      const text = Buffer.alloc(bytes);
      await file.read(text, 0, bytes, offset);
      return JSON.parse(text.toString('utf8')) as Line;
    },
    close: () => file.close(),
  };
}

const batchSize = 200;

/**
 * The same lines, administration by administration, in the order of their response codes: the order in which the responses lie
 * is that of other datasets, and would lead from a code to the response there.
 */
export async function byCode(lines: AsyncIterable<readonly Line[]>) {
  const store = await newLineStore();
  const index: (LinePlace & { readonly source: number; readonly code: string })[] = [];
  try {
    for await (const batch of lines) {
      const places = await store.add(batch);
      batch.forEach(({ source, response }, at) => {
        const place = places[at];
        if (place) index.push({ ...place, source, code: String(response[0]) });
      });
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  index.sort((a, b) => a.source - b.source || (a.code < b.code ? -1 : 1));
  return {
    async *read(): AsyncGenerator<Line[]> {
      for (let at = 0; at < index.length; at += batchSize) {
        yield await Promise.all(index.slice(at, at + batchSize).map((place) => store.at(place)));
      }
    },
    close: () => store.close(),
  };
}
