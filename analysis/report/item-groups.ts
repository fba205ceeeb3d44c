/**
 * Which items share a table and a chart: those of one scale or one question with the same answer options. The rows of a
 * matrix stay together under its words, which stand once, in the title; so a scale of two matrices has two charts.
 */
import type { Codebook, Variable } from '../../instruments/codebook.ts';
import type { Scale } from '../../instruments/instrument.ts';

export interface Option {
  readonly code: number;
  readonly label: string;
}

export interface Item {
  /** Position in the codebook and in the values of a row. */
  readonly position: number;
  readonly label: string;
  readonly reversed: boolean;
}

export interface ItemGroup {
  /** Stem of the ids of its table and chart; unique among the groups. */
  readonly id: string;
  readonly title: string;
  /** The options go from low to high, so that bars may diverge from their middle. */
  readonly ordered: boolean;
  readonly options: readonly Option[];
  readonly items: readonly Item[];
}

/** A range with more codes than this is a measurement and no list of options. */
const mostOptionsOfARange = 11;

/** The closed items in groups, in the order in which they were asked; text, dates and measurements are left out. */
export function itemGroupsOf(codebook: Codebook, scales: readonly Scale[]): ItemGroup[] {
  const stems = stemsOf(codebook);
  const groups = new Map<string, { of: Variable; scale: Scale | undefined; members: [number, Variable][] }>();
  codebook.variables.forEach((variable, position) => {
    const options = optionsOf(variable);
    if (options.length === 0) return;
    const scale = scales.find(({ id }) => variable.scales.some((membership) => membership.scale === id));
    const home = scale ? `scale ${scale.id}` : `question ${variable.question}`;
    const key = JSON.stringify([home, stems.get(variable.question), isOrdered(variable, options), options]);
    const group = groups.get(key) ?? { of: variable, scale, members: [] };
    group.members.push([position, variable]);
    groups.set(key, group);
  });
  const used = new Map<string, number>();
  return [...groups.values()].map(({ of, scale, members }) => {
    const stem = scale?.id ?? of.question;
    const times = (used.get(stem) ?? 0) + 1;
    used.set(stem, times);
    const shared = stems.get(of.question) || commonStem(members.map(([, variable]) => variable.label));
    // A single item has nothing beside its bar: the title says all its words.
    const heading = members.length === 1 ? of.label : shared.replace(/[\s:]+$/, '');
    const options = optionsOf(of);
    return {
      id: times === 1 ? stem : `${stem}-${times}`,
      title: [scale?.title, heading].filter(Boolean).join(': ') || stem,
      ordered: isOrdered(of, options),
      options,
      items: members.map(([position, variable]) => ({
        position,
        label: members.length === 1 ? variable.label : variable.label.slice(shared.length).trim(),
        reversed: variable.scales.some((membership) => membership.scale === scale?.id && membership.reversed),
      })),
    };
  });
}

/** How many variables have no closed list of options. */
export function openItems(codebook: Codebook): number {
  return codebook.variables.filter((variable) => optionsOf(variable).length === 0).length;
}

/** The options of a closed item as they were offered, without those that mean "no answer"; none for an open item. */
function optionsOf({ type, values, range, measurement }: Variable): Option[] {
  if (type !== 'integer') return [];
  const labelled = values.filter((value) => value.missing === undefined).map(({ code, label }) => ({ code, label }));
  // What is chosen comes before what is not, so that its bar starts at zero.
  if (isYesNo(labelled)) return labelled.toSorted((a, b) => b.code - a.code);
  if (labelled.length > 0) return labelled;
  if (measurement !== 'ordinal' || range === null || range.max - range.min >= mostOptionsOfARange) return [];
  return Array.from({ length: range.max - range.min + 1 }, (_, i) => ({
    code: range.min + i,
    label: String(range.min + i),
  }));
}

function isYesNo(options: readonly Option[]): boolean {
  return options.length === 2 && options.every(({ code }) => code === 0 || code === 1);
}

function isOrdered({ measurement, questionType, scales }: Variable, options: readonly Option[]): boolean {
  return options.length >= 3 && questionType !== 'ranking' && (measurement === 'ordinal' || scales.length > 0);
}

/** By question, the words that stand before each of its items; empty for a question of one item. */
export function stemsOf({ variables }: Codebook): ReadonlyMap<string, string> {
  const labels = new Map<string, string[]>();
  for (const { question, label } of variables) labels.set(question, [...(labels.get(question) ?? []), label]);
  return new Map([...labels].map(([question, ofIt]) => [question, commonStem(ofIt)]));
}

/** The words before the last colon or full stop that all labels begin with; empty for a single label. */
function commonStem(labels: readonly string[]): string {
  const [first = '', ...others] = labels;
  if (others.length === 0) return '';
  let length = first.length;
  for (const other of others) {
    while (!other.startsWith(first.slice(0, length))) length -= 1;
  }
  return /^.*[:.?!…–-]\s/s.exec(first.slice(0, length))?.[0] ?? '';
}
