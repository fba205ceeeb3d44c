/**
 * Responses on their way from the disk into the tables of a built dataset: which of them are in it, how they were answered,
 * and how much of their places its level lets be told. Called by `build.ts`.
 */
import type { Context } from '../../context.ts';
import { streamParadata } from '../../responses/paradata.ts';
import type { Cell } from '../cells.ts';
import { responseColumns } from '../columns.ts';
import type { Part } from '../part.ts';
import type { DataRow } from '../rows.ts';
import type { Line } from './column-groups.ts';
import { type Coder, PlaceCells, PlaceLinks } from './controlled.ts';
import type { DatasetDefinition } from './definition.ts';

const columnAt = (id: (typeof responseColumns)[number]['id']) =>
  responseColumns.findIndex((column) => column.id === id);
/** Where the response columns stand in a row. */
export const at = {
  response: columnAt('response'),
  arm: columnAt('arm'),
  cluster: columnAt('cluster'),
  school: columnAt('school'),
  role: columnAt('role'),
  person: columnAt('person'),
  completion: columnAt('completion'),
  receivedOn: columnAt('received_on'),
} as const;

export interface Pass {
  readonly responses: number;
  /** Aligned with the administrations: how many of the responses are of each. */
  readonly ofEach: readonly number[];
  readonly partial: number;
  readonly at: Date;
  /** Aligned with the administrations; null where nothing is withheld. */
  readonly cells: readonly PlaceCells[] | null;
  readonly withheld: { readonly roles: number; readonly schools: number; readonly clusters: number };
  /**
   * People whose responses tell different places, or withhold more in one than in another: side by side they would tell what
   * is withheld, so each response has a code of its own for the person.
   */
  readonly unlinked: ReadonlySet<string>;
}

const textOf = (cell: Cell | undefined) => (typeof cell === 'string' ? cell : null);
const placeOf = (response: readonly Cell[]) => ({
  arm: textOf(response[at.arm]),
  cluster: textOf(response[at.cluster]),
  school: textOf(response[at.school]),
  role: textOf(response[at.role]),
});

/** What has to be known before a row can be written: the latest day, and how many people stand where. */
export async function firstPass(
  parts: readonly Part[],
  { partial: kept, level }: DatasetDefinition,
  minimumCell: number,
): Promise<Pass> {
  const cells = parts.map(() => new PlaceCells(minimumCell));
  const ofEach = parts.map(() => 0);
  let [responses, partial, latest] = [0, 0, ''];
  for (const { dataset } of parts) if (dataset.administration.opens > latest) latest = dataset.administration.opens;
  for (const [source, { spool }] of parts.entries()) {
    for await (const batch of spool.read()) {
      for (const { response } of batch) {
        if (response[at.completion] === 'partial') partial += 1;
        if (!isKept(response, kept)) continue;
        responses += 1;
        ofEach[source] = (ofEach[source] ?? 0) + 1;
        const day = textOf(response[at.receivedOn]);
        if (day !== null && day > latest) latest = day;
        cells[source]?.add(placeOf(response));
      }
    }
  }
  const withheld = { roles: 0, schools: 0, clusters: 0 };
  const links = new PlaceLinks();
  if (level === 'controlled') {
    for (const [source, { spool }] of parts.entries()) {
      for await (const batch of spool.read()) {
        for (const { response } of batch) {
          if (!isKept(response, kept)) continue;
          const place = placeOf(response);
          const told = cells[source]?.coarse(place) ?? place;
          if (told.role === null && place.role !== null) withheld.roles += 1;
          if (told.school === null && place.school !== null) withheld.schools += 1;
          if (told.cluster === null && place.cluster !== null) withheld.clusters += 1;
          links.add(textOf(response[at.person]), told);
        }
      }
    }
  }
  const day = new Date(`${latest}T00:00:00Z`);
  return {
    responses,
    ofEach,
    partial,
    at: day,
    cells: level === 'controlled' ? cells : null,
    withheld,
    unlinked: links.broken,
  };
}

const isKept = (response: readonly Cell[], partial: boolean) => partial || response[at.completion] !== 'partial';

export type Paradata = ReadonlyMap<string, NonNullable<Line['paradata']>>;

export async function paradataOf(
  { db }: Pick<Context, 'db'>,
  study: string,
  ids: readonly string[],
): Promise<Paradata> {
  const found = new Map<string, NonNullable<Line['paradata']>>();
  for (const administration of ids) {
    for await (const { response, device, pages } of streamParadata(db, study, administration)) {
      const milliseconds = pages.reduce((sum, page) => sum + page.milliseconds, 0);
      found.set(response, { device, seconds: milliseconds / 1000 });
    }
  }
  return found;
}

export async function* linesOf(
  parts: readonly Part[],
  { partial, level }: DatasetDefinition,
  { pass, coder, paradata }: { pass: Pick<Pass, 'cells' | 'unlinked'>; coder: Coder; paradata: Paradata | null },
): AsyncGenerator<Line[]> {
  for (const [source, { spool }] of parts.entries()) {
    for await (const batch of spool.read()) {
      yield batch
        .filter(({ response }) => isKept(response, partial))
        .map((row): Line => {
          const id = textOf(row.response[at.response]) ?? '';
          const response = level === 'controlled' ? controlled(row, source, pass, coder) : row.response;
          return { source, response, row, paradata: paradata?.get(id) ?? null };
        });
    }
  }
}

/** The response columns as a controlled dataset may tell them: codes for ids, no day, no place that too few share. */
function controlled(
  { response }: DataRow,
  source: number,
  { cells, unlinked }: Pick<Pass, 'cells' | 'unlinked'>,
  coder: Coder,
): Cell[] {
  const whole = placeOf(response);
  const { cluster, school, role } = cells?.[source]?.coarse(whole) ?? whole;
  const person = textOf(response[at.person]);
  const own = person !== null && unlinked.has(person) ? `${source}\n${person}` : person;
  const code = (kind: Parameters<Coder>[0], id: string | null) => (id === null ? null : coder(kind, id));
  const told = [...response];
  told[at.response] = code('response', textOf(response[at.response]));
  told[at.person] = code('person', own);
  told[at.cluster] = code('cluster', cluster);
  told[at.school] = code('school', school);
  told[at.role] = role;
  told[at.receivedOn] = null;
  return told;
}
