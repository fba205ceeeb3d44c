/**
 * The lines by which a definition's versions are pooled: its own, and for what it says nothing about those of the item maps
 * that were stored with the versions. All versions are read as the newest one of the dataset. Called by `check.ts`.
 */
import type { Connection } from 'mongoose';
import { itemMapBetween } from '../../../instruments/versions/compose-item-maps.ts';
import { variableMapsOf } from '../../../instruments/versions/variable-maps.ts';
import { listItemMaps } from '../../instruments/item-maps.ts';
import type { Dataset } from '../dataset.ts';
import type { DatasetDefinition } from './definition.ts';
import { ownLine, type PoolLine } from './pool-map.ts';

export async function poolLines(
  db: Connection,
  { map }: Pick<DatasetDefinition, 'map'>,
  datasets: readonly Dataset[],
): Promise<PoolLine[]> {
  const lines = map.map(ownLine);
  const versionsOf = new Map<string, Set<number>>();
  for (const { instrument } of datasets) {
    versionsOf.set(instrument.id, (versionsOf.get(instrument.id) ?? new Set()).add(instrument.version));
  }
  for (const [instrument, versions] of versionsOf) {
    if (versions.size < 2) continue;
    const newest = Math.max(...versions);
    const maps = await listItemMaps(db, instrument);
    for (const version of versions) {
      const found = version === newest ? null : itemMapBetween(maps, version, newest);
      if (!found) continue;
      const own = map.filter((line) => line.instrument === instrument && line.version === version);
      const free = variableMapsOf(found).filter(
        (line) => !own.some(({ variable, to }) => variable === line.variable || to === line.to),
      );
      lines.push(
        ...free.map(
          ({ codes, rescale, within, ...line }): PoolLine => ({
            ...line,
            step: { codes, rescale, within },
            source: 'item map',
          }),
        ),
      );
    }
  }
  return lines;
}
