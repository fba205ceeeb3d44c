/**
 * Where a person is ticked in what others sent: for their own copy of all that is held on them, and to be taken out when they
 * withdraw. The one way besides a withdrawal of the response itself in which stored answers change: the log's other ticks stay.
 * Called by the use cases of people's rights.
 */
import type { Connection } from 'mongoose';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import { linkedLists, linkedQuestions, withoutPerson } from '../../instruments/linked-answers.ts';
import type { Administration } from '../../instruments/study.ts';
import { listAdministrations } from '../administrations/store.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { dropFromDrafts } from '../responses/drafts.ts';
import { hashAnswers } from '../responses/hash-answers.ts';
import { collectionOfResponses, type StoredResponse } from '../responses/store.ts';

export interface TickedAt {
  readonly administration: string;
  /** The list's own words. */
  readonly list: string;
  readonly receivedAt: Date;
}

interface WithLists {
  readonly administration: Administration;
  readonly compiled: CompiledInstrument;
  /** What finds documents that tick a person, where their answers stand under this name. */
  readonly query: (person: string, under: string) => object;
}

/** The administrations of a study whose logs tick people. */
async function withLists(db: Connection, study: string): Promise<WithLists[]> {
  const found: WithLists[] = [];
  for (const administration of await listAdministrations(db, study)) {
    const compiled = await compiledInstrument(db, administration.instrument, administration.version);
    const fields = linkedQuestions(compiled, 'people').map(({ question, table }) =>
      table === null ? question : `${table}.${question}`,
    );
    if (fields.length === 0) continue;
    const query = (person: string, under: string) => ({
      $or: fields.map((field) => ({ [`${under}.${field}`]: person })),
    });
    found.push({ administration, compiled, query });
  }
  return found;
}

/** Every list that a person is ticked in, the earliest first. */
export async function listTicks(db: Connection, study: string, person: string): Promise<TickedAt[]> {
  const found: TickedAt[] = [];
  for (const { administration, compiled, query } of await withLists(db, study)) {
    const labels = new Map(linkedQuestions(compiled, 'people').map(({ question, label }) => [question, label]));
    const where = { study, administration: administration.id, withdrawn: false, ...query(person, 'answers') };
    for await (const { answers, receivedAt } of collectionOfResponses(db).find(where)) {
      for (const { question, list } of linkedLists(compiled, answers, 'people')) {
        if (!list.includes(person)) continue;
        found.push({ administration: administration.id, list: labels.get(question) ?? question, receivedAt });
      }
    }
  }
  return found.sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
}

/** Takes a person out of every list, sent or not; the number of responses that changed. May be run again. */
export async function removeTicks(db: Connection, study: string, person: string): Promise<number> {
  let changed = 0;
  for (const { administration, compiled, query } of await withLists(db, study)) {
    const without = <A>(answers: A): A => withoutPerson(compiled, answers, person);
    await dropFromDrafts(db, administration, query(person, 'draft.answers'), without);
    const where = { study, administration: administration.id, withdrawn: false, ...query(person, 'answers') };
    for await (const { _id, answers } of collectionOfResponses(db).find(where, { projection: { answers: 1 } })) {
      const left: StoredResponse['answers'] = without(answers);
      const change = { $set: { answers: left, answersHash: hashAnswers(left) } };
      const { modifiedCount } = await collectionOfResponses(db).updateOne({ _id, withdrawn: false }, change);
      changed += modifiedCount;
    }
  }
  return changed;
}
