/** A study for benchmarks: open administrations of the 25 items of the fixture `bfi` or of another instrument, and simulated people. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Connection } from 'mongoose';
import { type CompiledInstrument, compileInstrument } from '../../instruments/compile.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { randomOf } from '../../instruments/random.ts';
import { type SimulatedResponse, simulateAnswers } from '../../instruments/simulate.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { insertAdministration } from '../../server/administrations/store.ts';
import { publishInstrument } from '../../server/instruments/store.ts';
import type { Invitation } from '../../server/invitations/store.ts';
import { hashToken } from '../../server/invitations/tokens.ts';
import { storedSimulation } from '../../server/responses/simulated.ts';
import type { StoredResponse } from '../../server/responses/store.ts';
import { insertStudy } from '../../server/studies/store.ts';

const study: Study = {
  id: 'bench',
  title: 'Benchmark (simulated)',
  description: 'Simulated.',
  simulated: true,
  timeZone: 'Europe/London',
  minimumCell: 5,
  arms: [{ id: 'only', title: 'Only arm', kind: 'intervention' }],
  waves: [{ id: 'only', title: 'Only wave', opens: '2020-01-01', closes: '2099-12-31' }],
};

export interface BenchStudy {
  readonly study: string;
  readonly compiled: CompiledInstrument;
  addAdministration(id: string, mode?: Administration['mode']): Promise<Administration>;
}

async function bfi(): Promise<Instrument> {
  const file = new URL('../fixtures/instruments/bfi.v1.json', import.meta.url);
  const parsed = parseInstrument(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

/** Stores the study and an instrument version. */
export async function benchStudy(db: Connection, given?: Instrument): Promise<BenchStudy> {
  const instrument = given ?? (await bfi());
  await publishInstrument(db, instrument, { by: 'bench', why: 'bench', at: new Date() });
  await insertStudy(db, study, new Date());
  return {
    study: study.id,
    compiled: compileInstrument(instrument),
    async addAdministration(id, mode = 'confidential') {
      const administration: Administration = {
        id,
        study: study.id,
        title: id,
        instrument: instrument.id,
        version: instrument.version,
        wave: 'only',
        audience: { arms: ['only'], roles: ['teacher'] },
        mode,
        opens: '2020-01-01',
        closes: '2099-12-31',
        state: 'open',
        information: { version: 1, asker: 'Nobody', paragraphs: ['Simulated.'], consent: 'I agree.', contact: 'none' },
      };
      await insertAdministration(db, administration);
      return administration;
    },
  };
}

/** Somebody with a link, what they answer, and the document that the server makes of it. */
export interface SimulatedPerson {
  readonly token: string;
  readonly key: string;
  readonly invitation: Invitation;
  readonly answers: SimulatedResponse['answers'];
  readonly document: StoredResponse;
}

/** Simulated people one by one: equal answers for equal names, fresh tokens and keys. */
export function* simulatePeople(
  { compiled }: BenchStudy,
  administration: Administration,
  name: string,
  count: number,
): Generator<SimulatedPerson> {
  const random = randomOf(name);
  for (let number = 0; number < count; number += 1) {
    const token = randomBytes(16).toString('base64url');
    const key = randomUUID();
    const id = `${administration.id}-${name}-${number}`;
    const invitation: Invitation = {
      _id: id,
      study: administration.study,
      administration: administration.id,
      person: id,
      school: `school-${number % 200}`,
      cluster: `cluster-${number % 40}`,
      arm: 'only',
      role: 'teacher',
      serial: 1,
      tokenHash: hashToken(token),
      state: 'open',
      openedAt: null,
      claim: null,
    };
    const simulated = simulateAnswers(compiled, { random: random.fork(String(number)), missing: 0.03 });
    const document = storedSimulation(administration, compiled, invitation, simulated, { key, receivedAt: new Date() });
    yield { token, key, invitation, answers: simulated.answers, document };
  }
}
