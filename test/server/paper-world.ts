/** A small study with two clerks and an evaluator, and forms that they type from paper. Used by the tests of paper forms. */
import { beforeEach } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { streamRows } from '../../server/datasets/rows.ts';
import { signedInAs, type Visitor } from './people.ts';
import { makeWorld, type TestLink } from './world.ts';

export const url = (administration: string, rest = '') =>
  `/api/studies/trial/administrations/${administration}/paper${rest}`;
export const day = '2026-03-02';

export const cells = {
  ...{ role: 1, years: 7, help: 3, plan: 2, alone: 1, took_part: 1 },
  ...{ what_helped: 'The visits', visits_n: 1, 'visits/1/visit_days': 2 },
};
/** Without what is asked only of those who took part. */
export const absent = { role: 1, years: 7, help: 3, plan: 2, alone: { mark: 'two-ticks' }, took_part: 0 };

export class Paper {
  revision = 0;
  readonly id: string;
  readonly administration: string;
  constructor(administration: string, id: string) {
    [this.administration, this.id] = [administration, id];
  }
  private async keep(sent: ReturnType<Visitor['send']>) {
    const answer = await sent;
    if (typeof answer.body.revision === 'number') this.revision = answer.body.revision;
    return answer;
  }
  at(rest = '') {
    return url(this.administration, `/forms/${this.id}${rest}`);
  }
  look(who: Visitor) {
    return this.keep(who.send('GET', this.at()));
  }
  take(who: Visitor) {
    return this.keep(who.send('POST', this.at('/entry')));
  }
  save(who: Visitor, typed: object) {
    return this.keep(who.send('PUT', this.at('/entry'), { revision: this.revision, cells: typed }));
  }
  finish(who: Visitor, typed: object) {
    return this.keep(who.send('POST', this.at('/entry/finish'), { revision: this.revision, cells: typed }));
  }
  async type(who: Visitor, typed: object) {
    await this.take(who);
    return this.finish(who, typed);
  }
  decide(who: Visitor, key: string, choice: string, more: object = {}) {
    const body = { revision: this.revision, key, choice, note: 'Looked at the form.', ...more };
    return this.keep(who.send('POST', this.at('/decisions'), body));
  }
  send(who: Visitor) {
    return this.keep(who.send('POST', this.at('/send')));
  }
}

/** Call it at the top of a test file. */
export async function openPaperWorld() {
  const world = await makeWorld({
    people: { teacher: 24 },
    administrations: [
      { id: 'survey' },
      { id: 'anonymous', mode: 'anonymous' },
      { id: 'over', closes: '2026-03-31' },
      { id: 'log', repeats: true },
    ],
  });
  const evaluator = await world.asEvaluator();
  const collection = (name: string) => world.context.db.collection(name);
  async function clerk(name: string): Promise<Visitor> {
    const visitor = await signedInAs(world.app, world.context, 'member', `${name}@example.org`);
    const account = (await visitor.look()).body.account.id;
    await saveStudyAccess(world.context.db, { study: 'trial', account, role: 'clerk', clusters: [], schools: [] });
    return visitor;
  }
  const [ann, ben] = [await clerk('ann'), await clerk('ben')];
  beforeEach(() => world.setClock(null));

  const plan = (administration: string, entry: 'single' | 'double') =>
    evaluator.send('PUT', url(administration), { entry });
  async function begin(administration: string, link: TestLink, who: Visitor = ann): Promise<Paper> {
    const wanted = { kind: 'person', invitation: link.invitation._id, day, agreed: true };
    const made = await who.send('POST', url(administration, '/forms'), wanted);
    if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
    return new Paper(administration, made.body.id);
  }
  const serialOf = (serial: string, school = 'elm-1') =>
    ({ kind: 'serial', serial, school, role: 'teacher', day, agreed: true }) as const;
  async function beginSerial(administration: string, serial: string, school?: string): Promise<Paper> {
    const made = await ann.send('POST', url(administration, '/forms'), serialOf(serial, school));
    if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
    return new Paper(administration, made.body.id);
  }
  const responsesOf = (link: TestLink) => collection('responses').find({ invitation: link.invitation._id }).toArray();
  async function rowsOf(administration: string) {
    const dataset = await loadDataset(world.context, 'trial', administration);
    const rows = [];
    for await (const row of streamRows(world.context, dataset.administration)) rows.push(row);
    return rows;
  }
  return { world, evaluator, ann, ben, collection, plan, begin, serialOf, beginSerial, responsesOf, rowsOf };
}
