/** What differs between two versions of a fidelity model, as things with an old and a new value. Called by the server and the workbench. */
import type { FidelityModel } from '../fidelity-model.ts';
import { isObject } from '../json.ts';

export interface ModelDifference {
  /** Where: the part by its title, then the field. */
  readonly what: string;
  /** `none` for what was not there. */
  readonly old: string;
  readonly new: string;
}

const none = 'none';
/** Lists whose entries are known by their ids: one that moves is not another one. */
const named = ['cycles', 'components', 'comparisons'] as const;

export function differencesOf(old: FidelityModel, next: FidelityModel): ModelDifference[] {
  const found: ModelDifference[] = [];
  const plain = (model: FidelityModel) => {
    const { version: _version, cycles: _cycles, components: _components, comparisons: _comparisons, ...rest } = model;
    return rest;
  };
  compare('', plain(old), plain(next), found);
  for (const list of named) {
    const [before, after] = [byId(old[list]), byId(next[list])];
    for (const [id, entry] of before) {
      const now = after.get(id);
      if (now) compare(entry.title, entry, now, found);
      else found.push({ what: `${list}: ${entry.title}`, old: 'there', new: none });
    }
    for (const [id, { title }] of after) {
      if (!before.has(id)) found.push({ what: `${list}: ${title}`, old: none, new: 'there' });
    }
    const order = (model: FidelityModel) =>
      model[list].map(({ id }) => id).filter((id) => before.has(id) && after.has(id));
    const [was, is] = [order(old).join(', '), order(next).join(', ')];
    if (was !== is) found.push({ what: `${list}: order`, old: was, new: is });
  }
  return found;
}

type Named = { readonly id: string; readonly title: string };

function byId(list: readonly Named[]): Map<string, Named> {
  return new Map(list.map((entry) => [entry.id, entry]));
}

function compare(where: string, old: unknown, next: unknown, found: ModelDifference[]): void {
  if (isObject(old) && isObject(next)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) {
      compare(
        where === '' ? key : `${where}: ${key}`.replace(/: (\w+): (\w+)$/, ': $1 $2'),
        old[key],
        next[key],
        found,
      );
    }
    return;
  }
  const [was, is] = [textOf(old), textOf(next)];
  if (was !== is) found.push({ what: where, old: was, new: is });
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return none;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
