/**
 * Which waves of a scale may be laid side by side: those that scored it by one rule, or whose answers an item map reads as
 * answers to the newest version. Administrations of one wave become one. Called by the figures of a study.
 */
import { groupBy } from '../../instruments/group-by.ts';
import type { Scale } from '../../instruments/instrument.ts';
import { scoreItems } from '../../instruments/scoring.ts';
import { itemMapBetween } from '../../instruments/versions/compose-item-maps.ts';
import type { ItemMap, ItemRule } from '../../instruments/versions/item-map.ts';
import { mappedValue } from '../../instruments/versions/mapped-value.ts';
import type { AdministrationReportInput, ReportRow } from '../report/input.ts';
import type { Note } from '../result.ts';

export interface PooledScale {
  readonly scale: Scale;
  /** With the versions where the study has the scale by several rules. */
  readonly title: string;
  readonly notes: readonly Note[];
  /** In order, each wave once: its answers to the items of `scale`, which is the only scale of each. */
  readonly waves: readonly { readonly wave: string; readonly input: AdministrationReportInput }[];
}

/** What can be read as one scale. */
interface Kind {
  readonly scale: Scale;
  readonly parts: readonly Part[];
}

/** An administration, read as answers to one version. */
interface Part {
  readonly input: AdministrationReportInput;
  /** Whether an item map has moved its answers, or they are scored by another rule than their own. */
  readonly moved: boolean;
}

/**
 * The scales of an instrument, known again over versions by their ids. A scale that versions ask by different rules (items,
 * range, kind of score, fewest answers) is one only where an item map tells of every item; else each rule is a scale of its
 * own, with a note on the others.
 *
 * @param administrations of one instrument, in the order of their waves
 * @param maps all item maps of the instrument
 */
export function pooledScales(
  administrations: readonly AdministrationReportInput[],
  maps: readonly ItemMap[],
): PooledScale[] {
  const ids = new Set(administrations.flatMap(({ scales }) => scales.map(({ id }) => id)));
  return [...ids].flatMap((id) => toldApart(kindsOf(id, administrations, maps)));
}

/** The newest version with all that can be read as it, then the newest of the rest. */
function kindsOf(id: string, administrations: readonly AdministrationReportInput[], maps: readonly ItemMap[]): Kind[] {
  const own = administrations.filter(({ scales }) => scales.some((scale) => scale.id === id));
  const newest = Math.max(...own.map(({ instrument }) => instrument.version));
  const scale = own.find(({ instrument }) => instrument.version === newest)?.scales.find((one) => one.id === id);
  if (!scale) return [];
  const parts: Part[] = [];
  const rest: AdministrationReportInput[] = [];
  for (const input of own) {
    const read = readAs(scale, newest, input, maps);
    if (read) parts.push(read);
    else rest.push(input);
  }
  return [{ scale, parts }, ...kindsOf(id, rest, maps)];
}

function toldApart(kinds: readonly Kind[]): PooledScale[] {
  const named = kinds.map(({ scale, parts }) => {
    return { scale, parts, title: kinds.length === 1 ? scale.title : `${scale.title} (${versionsOf(parts)})` };
  });
  return named.map(({ scale, parts, title }, at): PooledScale => {
    const others = named.filter((one) => one.title !== title).map((one) => `“${one.title}”`);
    const text = `Not laid beside ${others.join(' and ')}: that asked other items, another range, or scored otherwise, and no item map reads its answers as these.`;
    return {
      scale: at === 0 ? scale : { ...scale, id: `${scale.id}-v${parts[0]?.input.instrument.version}` },
      title,
      notes: [
        ...(others.length === 0 ? [] : [{ code: 'other-rule', text }]),
        ...movedNotes(parts),
        ...togetherNotes(parts),
      ],
      waves: mergedWaves(parts.map(({ input }) => input)),
    };
  });
}

function versionsOf(parts: readonly Part[]): string {
  const versions = [...new Set(parts.map(({ input }) => input.instrument.version))].sort((a, b) => a - b);
  return `${versions.length === 1 ? 'version' : 'versions'} ${versions.join(', ')}`;
}

function movedNotes(parts: readonly Part[]): Note[] {
  const moved = parts.filter((part) => part.moved);
  if (moved.length === 0) return [];
  const newest = Math.max(...parts.map(({ input }) => input.instrument.version));
  const text = `Answers to ${versionsOf(moved)} are read as answers to version ${newest} by the item map of the instrument, and scored by its rule.`;
  return [{ code: 'read-as', text }];
}

/** Several administrations in one wave: neither of them is passed over, and nobody counts twice who is known. */
function togetherNotes(parts: readonly Part[]): Note[] {
  return [...groupBy(parts, ({ input }) => input.administration.wave)].flatMap(([wave, inWave]) => {
    if (inWave.length < 2) return [];
    const title = inWave[0]?.input.study.waves.find(({ id }) => id === wave)?.title ?? wave;
    const names = inWave.map(({ input }) => `“${input.administration.title}”`).join(' and ');
    const nameless = inWave.some(({ input }) => input.rows.some(({ person }) => typeof person !== 'string'));
    const known = nameless ? ' as far as they are not anonymous' : '';
    const text = `${title}: answers to ${names} are read together. Whoever answered more than one of them counts once${known}, with the first answers that make a score.`;
    return [{ code: 'several-administrations', text }];
  });
}

/** All that decides what a score means. */
function ruleOf({ items, range, score, minimumAnswered, aggregation }: Scale): string {
  const known = items
    .map(({ name, reversed }) => [name, reversed])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return JSON.stringify([known, range.min, range.max, score, minimumAnswered, aggregation]);
}

interface ItemFrom {
  readonly from: string;
  readonly rule: ItemRule | null;
}

/** The answers to a version as answers to the newest one; null where that cannot be. */
function readAs(scale: Scale, newest: number, input: AdministrationReportInput, maps: readonly ItemMap[]): Part | null {
  const { version } = input.instrument;
  const map = version === newest ? null : itemMapBetween(maps, version, newest);
  const asked = input.scales.find(({ id }) => id === scale.id);
  const alike = asked !== undefined && ruleOf(asked) === ruleOf(scale);
  if (!map) {
    const own = scale.items.map(({ name }): ItemFrom => ({ from: name, rule: null }));
    return alike ? { input: ofScale(input, scale, own), moved: false } : null;
  }
  const known = new Set(input.codebook.variables.map(({ name }) => name));
  const rules = scale.items.flatMap(({ name }) => map.items.find(({ item }) => item === name) ?? []);
  const items = rules.flatMap((rule): ItemFrom[] =>
    rule.from !== null && known.has(rule.from) ? [{ from: rule.from, rule }] : [],
  );
  if (items.length < scale.items.length) return null;
  const steps = rules.some(
    ({ item, from, codes, rescale }) => rescale || Object.keys(codes).length > 0 || item !== from,
  );
  return { input: ofScale(input, scale, items), moved: steps || !alike };
}

/** What an administration says on one scale: its items in order, scored anew where a map moves them. */
function ofScale(
  input: AdministrationReportInput,
  scale: Scale,
  items: readonly ItemFrom[],
): AdministrationReportInput {
  const { variables } = input.codebook;
  const places = items.map(({ from }) => variables.findIndex(({ name }) => name === from));
  const rows = input.rows.map((row): ReportRow => {
    const values = items.map(({ rule }, at) => {
      const value = row.values[places[at] ?? -1] ?? null;
      return rule && value !== null ? mappedValue(rule, value) : value;
    });
    return { ...row, values, scores: [scoreItems(scale, values)] };
  });
  const named = places.flatMap((place, at) => {
    const variable = variables[place];
    return variable ? [{ ...variable, name: scale.items[at]?.name ?? variable.name }] : [];
  });
  return { ...input, scales: [scale], codebook: { ...input.codebook, variables: named }, rows };
}

/** Administrations of one wave are one: whoever answered twice counts once, with the first answers that make a score. */
function mergedWaves(parts: readonly AdministrationReportInput[]): PooledScale['waves'] {
  return [...groupBy(parts, ({ administration }) => administration.wave)].flatMap(([wave, [first, ...others]]) => {
    if (!first || others.length === 0) return first ? [{ wave, input: first }] : [];
    const all = [first, ...others];
    const input = {
      ...first,
      rates: all.flatMap(({ rates }) => rates),
      rows: eachOnce(all.flatMap(({ rows }) => rows)),
    };
    return [{ wave, input }];
  });
}

function eachOnce(rows: readonly ReportRow[]): ReportRow[] {
  const known = new Map<string, ReportRow>();
  for (const [at, row] of rows.entries()) {
    const key = typeof row.person === 'string' ? `person ${row.person}` : `row ${at}`;
    const before = known.get(key);
    if (!before || ((before.scores[0] ?? null) === null && (row.scores[0] ?? null) !== null)) known.set(key, row);
  }
  return [...known.values()];
}
