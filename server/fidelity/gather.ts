/**
 * Reads what the sources of a fidelity model say: the responses of the study's administrations, coded as datasets code them,
 * as entries with day and place. Called by `fidelity.ts`.
 */
import type { PlacedEntry, Told } from '../../analysis/process/input.ts';
import { sourceKey, sourcesOf } from '../../analysis/process/input.ts';
import { peopleLists } from '../../instruments/codebook.ts';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { FidelityModel, FidelitySource } from '../../instruments/fidelity-model.ts';
import type { Administration, School, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { type CodedResponse, streamRows } from '../datasets/rows.ts';
import { compiledInstrument } from '../instruments/store.ts';

export interface Gathered {
  /** By `sourceKey`. */
  readonly entries: ReadonlyMap<string, readonly PlacedEntry[]>;
  readonly told: readonly Told[];
}

/** The administrations that a model reads: those of its instruments, without pilots. */
export async function readAdministrations(
  context: Pick<Context, 'db'>,
  study: string,
  model: FidelityModel,
): Promise<Administration[]> {
  const instruments = new Set(sourcesOf(model).map(({ instrument }) => instrument));
  return (await listAdministrations(context.db, study)).filter(
    ({ instrument, pilot }) => !pilot && instruments.has(instrument),
  );
}

export async function gatherEntries(
  context: Pick<Context, 'db'>,
  {
    model,
    study,
    schools,
    administrations,
    scope,
  }: {
    readonly model: FidelityModel;
    readonly study: Pick<Study, 'id' | 'timeZone'>;
    readonly schools: readonly School[];
    readonly administrations: readonly Administration[];
    readonly scope: Scope;
  },
): Promise<Gathered> {
  const sources = sourcesOf(model);
  const wanted = namesIn(model);
  const entries = new Map<string, PlacedEntry[]>(sources.map((source) => [sourceKey(source), []]));
  const told: Told[] = [];
  const findSchool = schoolFinder(schools);
  for (const administration of administrations) {
    const { instrument, version, mode } = administration;
    const own = sources.filter((source) => source.instrument === instrument);
    const compiled = await compiledInstrument(context.db, instrument, version);
    const zone = mode === 'anonymous' ? 'UTC' : study.timeZone;
    const reader = entryReader(compiled, wanted);
    for await (const coded of streamRows(context, administration, scope)) {
      const came = dayIn(zone, coded.response.receivedAt);
      const days = new Set([came]);
      for (const source of own) {
        const list = entries.get(sourceKey(source)) ?? [];
        for (const entry of reader(source, coded, came)) {
          const school = source.school === null ? placeOf(compiled, coded) : findSchool(entry.told);
          list.push({ ...entry, administration: administration.id, school });
          days.add(entry.day);
        }
      }
      const { _id: response, arm, cluster } = coded.response;
      told.push({ response, instrument, arm, cluster, school: placeOf(compiled, coded), days: [...days] });
    }
  }
  return { entries, told };
}

/** The school that a response speaks for; null where it speaks for a cluster, or tells none. */
function placeOf({ instrument }: CompiledInstrument, { response }: CodedResponse): string | null {
  if (instrument.subject === 'cluster') return null;
  const { kind, id } = response.subject;
  return kind === 'school' && id !== null ? id : response.school;
}

/** Every name of a variable or scale that the model mentions: of the rest of a response nothing is kept. */
function namesIn(model: FidelityModel): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') names.add(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit([model.components, model.comparisons, model.usualPractice, model.adaptations]);
  for (const { rule } of model.components)
    if (rule.kind === 'share' && rule.outOf === 'people') names.add(`${rule.variable}_n`);
  return names;
}

type RawEntry = Omit<PlacedEntry, 'administration' | 'school'>;
type Values = Record<string, number | string | null>;

/** From a coded response to the entries of a source. */
function entryReader({ codebook, instrument }: CompiledInstrument, wanted: ReadonlySet<string>) {
  const pick = (variables: readonly { readonly name: string }[]) =>
    variables.flatMap(({ name }, at) => (wanted.has(name) ? [{ name, at }] : []));
  const ofMain = pick(codebook.variables);
  const ofTables = new Map(codebook.tables.map(({ name, variables }, at) => [name, { at, columns: pick(variables) }]));
  const valuesOf = (columns: readonly { name: string; at: number }[], values: readonly (number | string | null)[]) =>
    Object.fromEntries(columns.map(({ name, at }) => [name, values[at] ?? null]));
  /** Who is ticked in the entries of a table, or in the response (null): by entry, then by the list's name. */
  const tickedIn = (table: string | null, row: CodedResponse['row']): Map<number, Record<string, string[]>> => {
    const found = new Map<number, Record<string, string[]>>();
    for (const { question, at } of peopleLists(codebook, table)) {
      for (const { values } of row.tables[at]?.rows ?? []) {
        const entry = table === null ? 1 : Number(values[0]);
        const lists = found.get(entry) ?? {};
        found.set(entry, { ...lists, [question]: [...(lists[question] ?? []), String(values.at(-1))] });
      }
    }
    return found;
  };
  return function* entriesOf(source: FidelitySource, coded: CodedResponse, came: string): Generator<RawEntry> {
    const { response, row, scores } = coded;
    const main: Values = valuesOf(ofMain, row.values);
    const scales = Object.fromEntries(instrument.scales.map(({ id }, at) => [id, scores[at]?.value ?? null]));
    const ticked = tickedIn(source.table, row);
    const entry = (id: string, values: Values, number = 1): RawEntry => {
      const day = source.day === null ? null : (values[source.day] ?? main[source.day] ?? null);
      const told = source.school === null ? null : (values[source.school] ?? main[source.school] ?? null);
      const { arm, cluster, person } = response;
      const lists = ticked.get(number);
      return {
        ...{ id, response: response._id, arm, cluster, person, values, scales },
        day: typeof day === 'string' ? day.slice(0, 10) : came,
        dated: typeof day === 'string',
        told: told === null ? null : String(told),
        ...(lists ? { ticked: lists } : {}),
      };
    };
    if (source.table === null) {
      yield entry(response._id, main);
      return;
    }
    const table = ofTables.get(source.table);
    if (!table) return;
    for (const [number, { values }] of (row.tables[table.at]?.rows ?? []).entries()) {
      yield entry(`${response._id}:${source.table}:${number + 1}`, valuesOf(table.columns, values), number + 1);
    }
  };
}

/** Finds a school by its id, its national number or its name, whatever the case and the spaces. */
function schoolFinder(schools: readonly School[]): (told: string | null) => string | null {
  const plain = (text: string) => text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const known = new Map<string, string | null>();
  const put = (text: string | null | undefined, id: string) => {
    if (!text) return;
    const name = plain(text);
    // Two schools of one name are told apart by neither.
    known.set(name, known.has(name) && known.get(name) !== id ? null : id);
  };
  for (const { id, name, number } of schools) {
    put(name, id);
    put(number, id);
  }
  for (const { id } of schools) known.set(plain(id), id);
  return (told) => (told === null ? null : (known.get(plain(told)) ?? null));
}
