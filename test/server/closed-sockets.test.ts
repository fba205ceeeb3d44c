/** A write to a connection that the other side has ended must not be waited for: see server/database/closed-sockets.ts. */
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { releaseClosedSockets } from '../../server/database/closed-sockets.ts';

test('who waits for room in the buffer of a socket hears of its end', async () => {
  releaseClosedSockets();
  const server = createServer((socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    await once(socket, 'close');
    expect(socket.write('a command')).toBe(false);
    await once(socket, 'drain');
    expect(socket.destroyed).toBe(true);
  } finally {
    server.close();
  }
});
