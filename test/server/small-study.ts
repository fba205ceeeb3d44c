/** A small study with one administration of a given instrument, and responses with given answers. */
import { type CompiledInstrument, compileInstrument } from '../../instruments/compile.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { insertAdministration } from '../../server/administrations/store.ts';
import type { Context } from '../../server/context.ts';
import { publishInstrument } from '../../server/instruments/store.ts';
import { hashAnswers } from '../../server/responses/hash-answers.ts';
import { insertResponsesBulk, type StoredResponse } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import { insertClusters, insertPeople, insertSchools } from '../../server/rosters/store.ts';
import { insertStudy } from '../../server/studies/store.ts';

export interface SmallStudy {
  readonly study: Study;
  readonly administration: Administration;
  readonly instrument: Instrument;
  readonly compiled: CompiledInstrument;
}

/** Foreign JSON that must be an instrument. */
export function instrumentOf(json: unknown): Instrument {
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

/** Two arms, one cluster of two schools and a comparison school, three people; the administration is open. */
export async function smallStudy(
  context: Context,
  json: unknown,
  id: string,
  more: Partial<Administration> = {},
): Promise<SmallStudy> {
  const { db, clock } = context;
  const instrument = instrumentOf(json);
  const study: Study = {
    id,
    title: `The study ${id}`,
    description: '',
    simulated: false,
    timeZone: 'Europe/London',
    minimumCell: 5,
    arms: [
      { id: 'programme', title: 'Programme', kind: 'intervention' },
      { id: 'comparison', title: 'Comparison', kind: 'comparison' },
    ],
    waves: [{ id: 'only', title: 'Only wave', opens: '2026-01-01', closes: '2030-12-31' }],
  };
  const administration: Administration = {
    id: 'survey',
    study: id,
    title: 'The survey',
    instrument: instrument.id,
    version: instrument.version,
    wave: 'only',
    audience: { arms: ['programme', 'comparison'], roles: ['teacher'] },
    mode: 'confidential',
    opens: '2026-01-01',
    closes: '2030-12-31',
    state: 'open',
    information: {
      version: 1,
      asker: 'The team',
      paragraphs: ['Why.'],
      consent: 'I agree.',
      contact: 'team@example.org',
    },
    ...more,
  };
  await insertStudy(db, study, clock());
  await publishInstrument(db, instrument, { by: 'test', why: 'test', at: clock() });
  await insertClusters(db, id, [{ id: 'north', name: 'North', arm: 'programme' }]);
  const school = { phase: 'primary', pupils: 200, disadvantaged: 0.2 };
  await insertSchools(db, id, [
    { id: 'n1', name: 'North 1', arm: 'programme', cluster: 'north', ...school },
    { id: 'n2', name: 'North 2', arm: 'programme', cluster: 'north', ...school },
    { id: 'c1', name: 'Far 1', arm: 'comparison', cluster: null, ...school },
  ]);
  await insertPeople(db, id, [
    { id: 'p1', school: 'n1', cluster: 'north', arm: 'programme', role: 'teacher' },
    { id: 'p2', school: 'n2', cluster: 'north', arm: 'programme', role: 'teacher' },
    { id: 'p3', school: 'c1', cluster: null, arm: 'comparison', role: 'teacher' },
  ]);
  await insertAdministration(db, administration);
  return { study, administration, instrument, compiled: compileInstrument(instrument) };
}

export type GivenResponse = Pick<StoredResponse, 'answers'> & Partial<StoredResponse>;

/** Stores responses of the administration; the ids they got, in order. */
export async function storeResponses(
  context: Context,
  { study, administration, instrument }: SmallStudy,
  given: readonly GivenResponse[],
): Promise<string[]> {
  const documents = given.map(
    (response, at): StoredResponse => ({
      _id: responseId(administration, `given ${at}`),
      study: study.id,
      administration: administration.id,
      instrument: administration.instrument,
      version: administration.version,
      wave: administration.wave,
      arm: 'programme',
      cluster: 'north',
      school: 'n1',
      role: 'teacher',
      subject: { kind: instrument.subject, id: null },
      person: null,
      invitation: null,
      answersHash: hashAnswers(response.answers),
      completion: 'complete',
      lastPage: null,
      consent: null,
      receivedAt: new Date('2026-03-01T09:00:00Z'),
      source: 'import',
      replaces: null,
      withdrawn: false,
      ...response,
    }),
  );
  await insertResponsesBulk(context.db, documents);
  return documents.map(({ _id }) => _id);
}
