import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { Response } from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { exportCsv, exportFileTables, exportParts } from '../../server/datasets/export.ts';
import { ReaderGone } from '../../server/datasets/formats/body.ts';
import { testDatabase } from '../database.ts';
import { everyType } from '../instruments/every-type.ts';
import { csvRows, exportsStudy } from './exports.ts';
import { contextOn, signedInAs, type Visitor } from './people.ts';
import { type SmallStudy, smallStudy, storeResponses } from './small-study.ts';

let context: Context;
let small: SmallStudy;
let ids: string[];
let analyst: Visitor;
const url = '/api/studies/exports/administrations/survey/dataset';

/** All bytes of an answer. */
function whole(answer: Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => void chunks.push(chunk));
  answer.on('end', () => done(null, Buffer.concat(chunks)));
}

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  ({ small, ids } = await exportsStudy(context));
  analyst = await signedInAs(createApp(context), context, 'analyst');
});

describe('the downloads', () => {
  it('come with their names and types, and only with the right', async () => {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
    for (const [format, type] of [
      ['csv', /^text\/csv/],
      ['xlsx', /spreadsheetml\.sheet$/],
      ['zip', /^application\/zip$/],
      ['sav', /^application\/x-spss-sav$/],
      ['dta', /^application\/x-stata-dta$/],
      ['parquet', /^application\/vnd\.apache\.parquet$/],
      ['jsonl', /^application\/jsonl$/],
    ] as const) {
      const answer = await analyst.agent.get(`${url}.${format}`);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(type);
      expect(answer.headers['content-disposition']).toBe(`attachment; filename="exports-survey-${day}.${format}"`);
    }
    const viewer = await signedInAs(createApp(context), context, 'viewer');
    expect((await viewer.agent.get(`${url}.csv`)).status).toBe(403);
    expect((await analyst.agent.get('/api/studies/exports/administrations/nowhere/dataset.xlsx')).status).toBe(404);
  });

  it('are announced with the size of the dataset', async () => {
    const answer = await analyst.agent.get(url);
    const [header = [], ...rows] = await csvRows(context);
    const columns = small.compiled.codebook.variables.map(({ name }) => header.indexOf(name));
    const cells = rows.flatMap((row) => columns.map((column) => row[column] ?? ''));
    const missing = cells.filter((cell) => /^-99[1-7]$/.test(cell)).length;
    expect(answer.body).toMatchObject({ rows: ids.length, variables: columns.length });
    expect(answer.body.missingShare).toBeCloseTo(missing / cells.length, 12);
    expect(answer.body.files.map((file: { url: string }) => file.url)).toEqual([
      `${url}.xlsx`,
      `${url}.zip`,
      `${url}.csv`,
      `${url}.sav`,
      `${url}.dta`,
      `${url}.parquet`,
      `${url}.jsonl`,
    ]);
  });

  it('of statistics programs hold the data table, and that alone', async () => {
    for (const [format, beginning] of [
      ['sav', '$FL2'],
      ['dta', '<stata_dta>'],
    ] as const) {
      const answer = await analyst.agent.get(`${url}.${format}`).buffer(true).parse(whole);
      const bytes = answer.body as Buffer;
      expect(bytes.toString('latin1', 0, beginning.length)).toBe(beginning);
      // One file, not one after the other: the linked tables stand in files of their own.
      expect(bytes.toString('latin1').split(beginning)).toHaveLength(2);
      await expect(
        exportFileTables(context, { study: 'exports', administration: 'survey', format }, (_table, _stem, write) =>
          write(new Writable({ write: (_chunk, _encoding, done) => done(new ReaderGone()) })),
        ),
      ).rejects.toThrow(ReaderGone);
    }
  });

  it('stop when the reader hangs up', async () => {
    // A reader that takes one block and goes.
    const gone = () => {
      let taken = 0;
      return new Writable({
        highWaterMark: 1024,
        write(chunk: Buffer, _encoding, done) {
          taken += chunk.length;
          if (taken > 2000) this.destroy();
          else done();
        },
      });
    };
    const dataset = await loadDataset(context, 'exports', 'survey');
    await expect(exportCsv(context, dataset, gone())).rejects.toThrow(ReaderGone);
    await expect(exportParts(context, 'exports', ['survey'], 'xlsx', gone)).rejects.toThrow(ReaderGone);
    await expect(exportParts(context, 'exports', ['survey'], 'zip', gone)).rejects.toThrow(ReaderGone);
    // Who leaves while the rows are still being read is not written for at all.
    const never = () => {
      throw new Error('opened for nobody');
    };
    const left = AbortSignal.abort();
    await expect(exportParts(context, 'exports', ['survey'], 'xlsx', never, left)).rejects.toThrow(ReaderGone);
  });

  it('are cut, not ended, when something fails in the middle', async () => {
    // The collection goes away under a running export: nothing that was written may look whole.
    const other = contextOn(await testDatabase());
    const study = await smallStudy(other.context, everyType, 'broken');
    // More than the buffers between here and there hold: 24 MB.
    const answers = { colour: 1, tags: [1], count: 12, remarks: 'x'.repeat(8000) };
    await storeResponses(
      other.context,
      study,
      Array.from({ length: 3000 }, () => ({ answers })),
    );
    const app = createApp(other.context);
    const visitor = await signedInAs(app, other.context, 'analyst');
    const broken = createServer(app).listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const cookie = visitor.agent.jar
      .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
      .toValueString();
    const { port } = broken.address() as AddressInfo;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, path: '/api/studies/broken/administrations/survey/dataset.csv', headers: { cookie } }, resolve).on(
        'error',
        reject,
      );
    });
    expect(answer.statusCode).toBe(200);
    let taken = 0;
    let full = () => {};
    const paused = new Promise<void>((resolve) => {
      full = resolve;
    });
    answer.on('data', (chunk: Buffer) => {
      if (taken < 1_000_000 && taken + chunk.length >= 1_000_000) {
        answer.pause();
        full();
      }
      taken += chunk.length;
    });
    await paused;
    await other.context.db.dropCollection('responses');
    const ended = await new Promise<string>((resolve) => {
      answer.on('end', () => resolve('end'));
      answer.on('error', () => resolve('cut'));
      answer.resume();
    });
    expect(ended).toBe('cut');
    expect(taken).toBeLessThan(24_000_000);
    broken.close();
  }, 120_000);
});
