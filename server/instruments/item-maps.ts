/**
 * Item maps in MongoDB, one beside each published version that followed another. Inserted once and never changed: there is no
 * update here. Kept on publishing, read by pooled datasets.
 */
import { type Connection, Schema } from 'mongoose';
import { canonicalJson } from '../../instruments/canonical.ts';
import { type ItemMap, itemMapSchema } from '../../instruments/versions/item-map.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';

interface ItemMapDocument {
  /** `id@version` of the newer version. */
  readonly _id: string;
  readonly instrument: string;
  readonly from: number;
  readonly to: number;
  /** Canonical JSON of the whole map. */
  readonly json: string;
  readonly keptAt: Date;
  readonly keptBy: string;
}

const itemMaps = collectionOf<ItemMapDocument>(
  'itemmaps',
  new Schema<ItemMapDocument>({
    _id: { type: String, required: true },
    instrument: { type: String, required: true, immutable: true },
    from: { type: Number, required: true, immutable: true },
    to: { type: Number, required: true, immutable: true },
    json: { type: String, required: true, immutable: true },
    keptAt: { type: Date, required: true, immutable: true },
    keptBy: { type: String, required: true, immutable: true },
  }).index({ instrument: 1, to: 1 }, { unique: true }),
);

export interface KeptItemMap {
  readonly map: ItemMap;
  readonly at: Date;
  readonly by: string;
}

/**
 * Keeps the item map of a version. The same map again is a success that changes nothing; another one is refused with
 * `already-exists`, since data have been read by the first.
 */
export async function keepItemMap(db: Connection, { map, at, by }: KeptItemMap): Promise<{ created: boolean }> {
  const kept = itemMapSchema.parse(map);
  const json = canonicalJson(kept);
  const _id = `${kept.instrument}@${kept.to}`;
  const former = await itemMaps(db).findById(_id, { json: 1 }).lean();
  if (former && former.json !== json) {
    throw new Problem('already-exists', {
      detail: `Version ${kept.to} of "${kept.instrument}" has another item map already, which never changes; publish a further version.`,
    });
  }
  if (former) return { created: false };
  try {
    const { instrument, from, to } = kept;
    await itemMaps(db).create({ _id, instrument, from, to, json, keptAt: at, keptBy: by });
  } catch (error) {
    // Another server kept one at the same moment: what it stored decides.
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    return keepItemMap(db, { map, at, by });
  }
  return { created: true };
}

/** The item map of a version, or null. */
export async function findItemMap(db: Connection, instrument: string, version: number): Promise<KeptItemMap | null> {
  const found = await itemMaps(db).findById(`${instrument}@${version}`).lean();
  return found ? keptOf(found) : null;
}

/** All item maps of an instrument, in the order of versions. */
export async function listItemMaps(db: Connection, instrument: string): Promise<ItemMap[]> {
  const found = await itemMaps(db).find({ instrument }).sort({ to: 1 }).lean();
  return found.map((one) => keptOf(one).map);
}

function keptOf({ json, keptAt, keptBy }: ItemMapDocument): KeptItemMap {
  return { map: itemMapSchema.parse(JSON.parse(json)), at: keptAt, by: keptBy };
}
