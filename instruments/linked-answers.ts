/**
 * The answers of a response that lead out of it: people who are ticked, and files that came beside it, with the places where they
 * stand. Called by the server, which knows the people and keeps the files. Pure.
 */
import type { CompiledInstrument, CompiledQuestion } from './compile.ts';
import { isObject, type JsonObject, own } from './json.ts';

type Kind = 'people' | 'files';

/** One list, where it stands in the answers. */
export interface LinkedList {
  /** Like `answers.events[0].attended`. */
  readonly path: string;
  readonly question: string;
  /** The table in whose entry it stands, with the entry's place in it; null: in the response itself. */
  readonly entry: { readonly table: string; readonly at: number } | null;
  readonly list: readonly unknown[];
}

/** The questions of a kind, each with the table in whose entries it stands, or null. */
export function linkedQuestions(
  { questions }: Pick<CompiledInstrument, 'questions'>,
  kind: Kind,
): { readonly question: string; readonly label: string; readonly table: string | null }[] {
  const of = (one: CompiledQuestion, table: string | null) =>
    one.question.answer.kind === kind ? [{ question: one.question.name, label: one.question.label, table }] : [];
  return questions.flatMap((one) => [
    ...of(one, null),
    ...one.columns.flatMap((column) => of(column, one.question.name)),
  ]);
}

/** All lists of a kind that hold something. */
export function linkedLists(compiled: CompiledInstrument, answers: unknown, kind: Kind): LinkedList[] {
  if (!isObject(answers)) return [];
  const found: LinkedList[] = [];
  const take = (value: unknown, question: string, path: string, entry: LinkedList['entry']): void => {
    if (Array.isArray(value) && value.length > 0) found.push({ path, question, entry, list: value });
  };
  for (const { question, table } of linkedQuestions(compiled, kind)) {
    if (table === null) take(own(answers, question), question, `answers.${question}`, null);
    else {
      const entries = own(answers, table);
      for (const [at, entry] of (Array.isArray(entries) ? entries : []).entries()) {
        const path = `answers.${table}[${at}].${question}`;
        if (isObject(entry)) take(own(entry, question), question, path, { table, at });
      }
    }
  }
  return found;
}

/** The same answers without ticks of one person; the same object again where there are none. */
export function withoutPerson<A>(compiled: CompiledInstrument, answers: A, person: string): A {
  const lists = linkedLists(compiled, answers, 'people').filter(({ list }) => list.includes(person));
  if (lists.length === 0 || !isObject(answers)) return answers;
  const left: Record<string, unknown> = { ...answers };
  for (const { question, entry, list } of lists) {
    const rest = list.filter((one) => one !== person);
    if (entry === null) put(left, question, rest);
    else {
      const entries = [...(left[entry.table] as readonly JsonObject[])];
      const changed: Record<string, unknown> = { ...entries[entry.at] };
      put(changed, question, rest);
      entries[entry.at] = changed;
      left[entry.table] = entries;
    }
  }
  return left as A;
}

/** An empty list is no answer. */
function put(into: Record<string, unknown>, question: string, rest: readonly unknown[]): void {
  if (rest.length > 0) into[question] = rest;
  else delete into[question];
}
