/** Where fidelity falls behind: places of the programme with the lowest index and most late events. Called by `overview.ts`. */
import { type Fidelity, fidelityOf } from '../fidelity/fidelity.ts';
import type { Overviewed } from './reader.ts';

const mostPlaces = 10;

interface LowPlace {
  readonly level: 'cluster' | 'school';
  readonly id: string;
  readonly name: string;
  readonly index: number;
  /** Events that were due and nobody has told of. */
  readonly late: number;
}

export interface FidelityBehind {
  readonly model: { readonly version: number; readonly state: string };
  /** The lowest index first. */
  readonly clusters: readonly LowPlace[];
  readonly schools: readonly LowPlace[];
  readonly late: number;
  readonly withheld: boolean;
}

/** Null for readers without the right, and where the study has no published model. */
export async function loadFidelity({ context, study, reader }: Overviewed): Promise<Fidelity | null> {
  return reader.may('fidelity.read') ? fidelityOf(context, study, { reader }) : null;
}

export function fidelityBehind({ model, clusters, schools, late, withheld }: Fidelity): FidelityBehind {
  const lateAt = new Map<string, number>();
  for (const { level, place } of late) lateAt.set(`${level} ${place}`, (lateAt.get(`${level} ${place}`) ?? 0) + 1);
  const lowest = (places: Fidelity['clusters']) =>
    places
      .flatMap(({ level, id, name, programme, index }): LowPlace[] =>
        programme && index !== null ? [{ level, id, name, index, late: lateAt.get(`${level} ${id}`) ?? 0 }] : [],
      )
      .sort((one, other) => one.index - other.index || other.late - one.late || (one.name < other.name ? -1 : 1))
      .slice(0, mostPlaces);
  const { version, state } = model;
  return {
    model: { version, state },
    clusters: lowest(clusters),
    schools: lowest(schools),
    late: late.length,
    withheld,
  };
}
