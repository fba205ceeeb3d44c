/** Reports are computed in real worker threads: how far they are is told, and who hangs up ends the work. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { loadAdministrationReport } from '../../server/reports/administration-report.ts';
import { runInWorker, runTask } from '../../server/reports/pool.ts';
import { world } from '../analysis/report-world.ts';
import { testDatabase } from '../database.ts';
import { everyType } from '../instruments/every-type.ts';
import { contextOn, signedInAs, type Visitor } from './people.ts';
import { smallStudy, storeResponses } from './small-study.ts';

const module = new URL('./endless.mjs', import.meta.url);
const aborted = expect.objectContaining({ name: 'AbortError' });
const people = Array.from({ length: 20_000 }, (_, at) => [1, (at % 5) + 1, ((at * 7) % 5) + 1, 3, 1] as const);
const large = world([{ id: 's', cluster: 'k', arm: 'i', invited: 20_000, people }]);

describe('the worker threads', () => {
  it('end in the middle of work that never ends by itself, and take up new work', async () => {
    // More than there are threads: were one of them still busy, the work after it could not all be done.
    const stop = new AbortController();
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const tasks = [1, 2, 3].map((input) =>
      runTask(module, 'endless', input, { signal: stop.signal, onProgress: begin }),
    );
    const ended = Promise.all(tasks.map((task) => expect(task).rejects.toThrow(aborted)));
    await begun;
    stop.abort();
    await ended;
    expect(await Promise.all([1, 2, 3].map((input) => runTask(module, 'double', input)))).toEqual([2, 4, 6]);
  });

  it('tell how far a report is, never less than before', async () => {
    const told: number[] = [];
    const report = await runInWorker(large, { onProgress: (share) => told.push(share) });
    expect(report.sections.map(({ id }) => id)).toContain('scale-trust');
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(Math.max(...told)).toBeLessThanOrEqual(1);
  });

  it('are not asked when it is known before that nobody waits', async () => {
    await expect(runInWorker(large, { signal: AbortSignal.abort() })).rejects.toThrow(aborted);
  });
});

describe('the report of an administration', () => {
  let context: Context;
  let lines: string[];
  let analyst: Visitor;
  const path = '/api/studies/computing/administrations/survey/report';

  beforeAll(async () => {
    ({ context, lines } = contextOn(await testDatabase()));
    const small = await smallStudy(context, everyType, 'computing');
    const answers = { colour: 1, tags: [1], count: 12 };
    await storeResponses(
      context,
      small,
      Array.from({ length: 1500 }, () => ({ answers })),
    );
    analyst = await signedInAs(createApp(context), context, 'analyst');
  });

  it('comes as lines that tell the share that is done, and last the same report', async () => {
    const whole = await analyst.send('GET', path);
    const answer = await analyst.agent.get(`${path}.ndjson`).buffer(true).parse(text);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const told = String(answer.body)
      .trimEnd()
      .split('\n')
      .map((line): { share?: number; report?: unknown } => JSON.parse(line));
    const shares = told.slice(0, -1).map(({ share }) => share ?? Number.NaN);
    expect(shares.length).toBeGreaterThan(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(told.at(-1)?.report).toEqual(whole.body);
  });

  it('that is not there is refused as anything else is', async () => {
    const answer = await analyst.send('GET', path.replace('survey', 'nowhere').concat('.ndjson'));
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('ends while rows are read, and while a thread computes, once nobody waits', async () => {
    for (const from of [0, 0.6]) {
      const stop = new AbortController();
      const onShare = (share: number) => {
        if (share >= from) stop.abort();
      };
      const report = loadAdministrationReport(context, 'computing', 'survey', false, { signal: stop.signal, onShare });
      await expect(report).rejects.toThrow(expect.objectContaining({ name: from === 0 ? 'ReaderGone' : 'AbortError' }));
    }
  });

  it('is given up without a fault when the browser hangs up', async () => {
    const server = createServer(createApp(context)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const cookie = analyst.agent.jar
        .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
        .toValueString();
      const before = lines.length;
      const asked = get({ port, path: `${path}.ndjson`, headers: { cookie } });
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      await once(answer, 'data');
      const closed = once(server, 'request').then(([, response]) => once(response, 'close'));
      asked.destroy();
      // The next request of the same server is answered, and nothing was reported as a fault.
      const next = get({ port, path, headers: { cookie } });
      const [whole] = (await once(next, 'response')) as [IncomingMessage];
      whole.resume();
      await closed;
      expect(whole.statusCode).toBe(200);
      const said = lines.slice(before).join('');
      expect(said).not.toContain('request failed');
      expect(said).toContain('report.ndjson');
    } finally {
      server.close();
    }
  });
});

/** The whole answer as text. */
function text(answer: Response, done: (error: Error | null, body: string) => void): void {
  const chunks: string[] = [];
  answer.setEncoding('utf8');
  answer.on('data', (chunk: string) => void chunks.push(chunk));
  answer.on('end', () => done(null, chunks.join('')));
}
