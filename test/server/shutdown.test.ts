/** Stopping: requests in flight are finished, idle connections do not hold the server, a deadline ends the rest. */
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import { afterEach, expect, test } from 'vitest';
import { closeGracefully } from '../../server/shutdown.ts';

const agents: Agent[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** A server that takes `ms` for `/slow/<ms>`, and a way to know that the request has come in. */
async function slowServer(): Promise<{ server: Server; base: string; arrived: Promise<void> }> {
  const app = express();
  let announce: () => void = () => {};
  const arrived = new Promise<void>((resolve) => {
    announce = resolve;
  });
  app.get('/slow/:ms', async (request, response) => {
    response.write('begun ');
    announce();
    await wait(Number(request.params.ms));
    response.end('finished');
  });
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
}

/** As a browser: over a connection that is kept open. Rejects when the answer is cut off. */
function fetchKeptAlive(url: string): Promise<string> {
  const agent = new Agent({ keepAlive: true });
  agents.push(agent);
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    }).on('error', reject);
  });
}

test('a slow request in flight is answered in full, and no new one is accepted', async () => {
  const { server, base, arrived } = await slowServer();
  const slow = fetchKeptAlive(`${base}/slow/400`);
  await arrived;
  const closing = closeGracefully(server);
  await wait(50);
  await expect(fetchKeptAlive(`${base}/slow/0`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await slow).toBe('begun finished');
  expect(await closing).toBe('finished');
});

test('a connection that a browser keeps open does not hold the server', async () => {
  const { server, base } = await slowServer();
  expect(await fetchKeptAlive(`${base}/slow/0`)).toBe('begun finished');
  expect(await closeGracefully(server, { deadlineMs: 5000 })).toBe('finished');
});

test('what still runs at the deadline is cut off', async () => {
  const { server, base, arrived } = await slowServer();
  const slow = fetchKeptAlive(`${base}/slow/60000`);
  const refused = expect(slow).rejects.toMatchObject({ code: 'ECONNRESET' });
  await arrived;
  expect(await closeGracefully(server, { deadlineMs: 150 })).toBe('cut-off');
  await refused;
});

test('closing a server that does not run is no error', async () => {
  const { server } = await slowServer();
  await closeGracefully(server);
  expect(await closeGracefully(server)).toBe('finished');
});
