/** The main table of a built dataset, long or wide, with the rules of its scores. Called by `build.ts`. */
import { freeName, type ResponseColumnId, responseColumns, toldName } from '../columns.ts';
import type { Dataset } from '../dataset.ts';
import type { ScoreRule } from '../syntax/scores.ts';
import type { CheckedDefinition } from './check.ts';
import {
  type ColumnGroup,
  flagGroup,
  type Line,
  type PooledScale,
  paradataGroup,
  responseGroup,
  scoreGroup,
  variableGroup,
} from './column-groups.ts';
import type { DatasetDefinition } from './definition.ts';
import { longTable, type RowSource } from './long-table.ts';
import type { PooledVariable } from './pool.ts';
import { scoresAnew } from './scores-anew.ts';
import { wideTable } from './wide-table.ts';

export interface MainTable {
  readonly table: RowSource;
  readonly scores: readonly ScoreRule[];
  readonly notes: readonly string[];
}

/** @param isIn whether an administration, by its place in the definition, is in this table */
export async function mainTable(
  definition: DatasetDefinition,
  { datasets, chosen, pooled }: CheckedDefinition,
  lines: () => AsyncIterable<readonly Line[]>,
  personAt: number,
  isIn: (source: number) => boolean = () => true,
): Promise<MainTable> {
  // Every variable keeps its own name, also those that are not chosen: a name means the same in all datasets.
  const taken = new Set(pooled.variables.map(({ column }) => column.name));
  const notes: string[] = [];
  const all = definition.scores ? pooledScales(datasets, isIn, pooled.variables, taken, notes) : [];
  // Those that are named, or all where none is.
  const named = all.filter(({ score }) => definition.variables !== 'all' && definition.variables.includes(score));
  const scales = named.length > 0 ? named : all;
  const where = responseGroups(definition, taken, notes);
  const groups: ColumnGroup[] = [
    ...chosen.map((variable) => variableGroup(variable, taken, notes)),
    ...scales.map(scoreGroup),
    ...(definition.flags ? [flagGroup(datasets.map(scaleItems), taken, notes)] : []),
    ...(definition.paradata ? [paradataGroup(taken, notes)] : []),
  ];
  if (definition.rows === 'long') {
    const table = longTable([where.person, where.response, ...groups], lines);
    return { table, scores: scoreRulesOf(scales, chosen, taken, notes), notes };
  }
  const table = await wideTable(
    { person: where.person, groups: [where.response, ...groups], suffixes: suffixesOf(datasets, isIn) },
    lines(),
    ({ response }) => {
      const person = response[personAt];
      return typeof person === 'string' ? person : null;
    },
  );
  const repeated =
    table.repeated === 0 ? [] : [`${table.repeated} further responses of a person in one administration are left out.`];
  return { table, scores: [], notes: [...notes, ...table.renamed.map((line) => `${line}.`), ...repeated] };
}

/** Who and where: in wide rows apart what is said of a person once and of each response. */
function responseGroups({ rows, level, places }: DatasetDefinition, taken: Set<string>, notes: string[]) {
  const all: readonly ResponseColumnId[] = responseColumns
    .map(({ id }) => id)
    .filter((id) => level !== 'controlled' || id !== 'received_on');
  if (rows === 'long') return { person: responseGroup(all, taken, notes), response: responseGroup([], taken, notes) };
  const place: ResponseColumnId[] = ['arm', 'cluster', 'school', 'role'];
  // The place of a day is the same for all answers of a person; that of the answers may change between them.
  const once: ResponseColumnId[] = places === 'answered' ? ['person', 'study'] : ['person', 'study', ...place];
  const person = responseGroup(once, taken, notes);
  const each = all.filter((id) => !once.includes(id) && id !== 'administration');
  return { person: personFirst(person), response: responseGroup(each, taken, notes) };
}

/** The same columns with the person before the rest: the key of wide rows. */
function personFirst({ columns, ...group }: ColumnGroup): ColumnGroup {
  const last = columns.findIndex(({ name }) => name === 'person' || name === 'response_person');
  const order = [last, ...columns.keys()].filter((at, index) => index === 0 || at !== last);
  const moved = <T>(list: readonly T[]): T[] => order.flatMap((at) => list.slice(at, at + 1));
  return {
    ...group,
    columns: moved(columns),
    put(cells, line) {
      const own: { value: string | number | null }[] = [];
      group.put({ ...cells, put: (value) => void own.push({ value }) }, line);
      for (const { value } of moved(own)) cells.put(value, null);
    },
  };
}

/** The wave where each administration has one of its own, else the administration. */
function suffixesOf(datasets: readonly Dataset[], isIn: (source: number) => boolean): (string | null)[] {
  const waves = datasets.filter((_, source) => isIn(source)).map(({ administration }) => administration.wave);
  const waveSays = new Set(waves).size === waves.length;
  return datasets.map(({ administration: { wave, id } }, source) => (isIn(source) ? (waveSays ? wave : id) : null));
}

function pooledScales(
  datasets: readonly Dataset[],
  isIn: (source: number) => boolean,
  variables: readonly PooledVariable[],
  taken: Set<string>,
  notes: string[],
): PooledScale[] {
  const found: PooledScale[] = [];
  const within = datasets.filter((_, source) => isIn(source));
  for (const instrument of new Set(within.map((dataset) => dataset.instrument.id))) {
    const scalesOf = (dataset: Dataset) => (dataset.instrument.id === instrument ? dataset.instrument.scales : []);
    for (const id of new Set(datasets.flatMap((dataset) => scalesOf(dataset).map((scale) => scale.id)))) {
      const from = datasets.map((dataset) => {
        const at = scalesOf(dataset).findIndex((scale) => scale.id === id);
        return at === -1 ? null : at;
      });
      const ofEach = datasets.flatMap((dataset, index) => scalesOf(dataset)[from[index] ?? -1] ?? []);
      const [scale] = ofEach;
      if (!scale) continue;
      const rules = ofEach.map(({ items, range, score, minimumAnswered }) =>
        JSON.stringify([items, range, score, minimumAnswered]),
      );
      const anew = scoresAnew(datasets, instrument, id, variables);
      const moved = [...new Set(anew.flatMap((one, at) => (one ? [datasets[at]?.instrument.version] : [])))];
      if (moved.length > 0) {
        notes.push(
          `The scores of ${id} of version ${moved.join(' and ')} of ${instrument} are made of the items as the item map reads them, by the rule of the newest version.`,
        );
      } else if (new Set(rules).size > 1)
        notes.push(`The scale ${id} of ${instrument} is scored differently in its versions.`);
      const name = id.replaceAll(/[^a-z0-9_]/g, '_');
      const score = toldName(`score_${name}`, taken, notes, `The score of ${id} of ${instrument}`);
      const answered = toldName(
        `answered_${name}`,
        taken,
        notes,
        `The number of items answered of ${id} of ${instrument}`,
      );
      found.push({ scale: anew.find((one) => one !== null)?.scale ?? scale, instrument, score, answered, from, anew });
    }
  }
  return found;
}

/** Where the coded rows have the items of scales, in the order of asking. */
function scaleItems({ columns }: Dataset): number[] {
  return columns.variables.flatMap(({ scales }, at) => (scales.length > 0 ? [at] : []));
}

/** Rules for the scores whose items are all in the table. */
function scoreRulesOf(
  scales: readonly PooledScale[],
  chosen: readonly PooledVariable[],
  taken: Set<string>,
  notes: string[],
): ScoreRule[] {
  return scales.flatMap(({ scale, instrument, score, anew }): ScoreRule[] => {
    let recoded = false;
    const items = scale.items.flatMap(({ name, reversed }) => {
      const found = chosen.find((one) => one.instrument === instrument && one.variable.name === name);
      recoded ||= found?.from.some((one) => one?.step) === true;
      return found ? [{ name: found.column.name, reversed }] : [];
    });
    if (items.length < scale.items.length) return [];
    // Said already: those scores are of the items as they stand in the table, others of the items as answered.
    if (anew.some((one) => one !== null)) return [];
    if (recoded) {
      notes.push(
        `${score} is made of the codes as answered, and no syntax rebuilds it: a map gives its items other codes.`,
      );
      return [];
    }
    return [
      {
        title: scale.title,
        score,
        rebuilt: freeName(score.replace(/^score_/, 'rebuilt_'), taken),
        items,
        turn: scale.range.min + scale.range.max,
        sum: scale.score === 'sum',
        minimumAnswered: Math.max(1, scale.minimumAnswered),
      },
    ];
  });
}
