/**
 * Keeps a lost database connection from hanging for ever. Called once by connect.ts.
 *
 * The driver (7.8.0) waits for a socket's `drain` after a write that did not fit, and listens for `error` but not for
 * `close` meanwhile. A command written just as the other side ends gets neither: the command never settles, and when it
 * was the monitor's, no operation of the process ever finds the server again, however soon it is back. So every closed
 * socket on which somebody still waits for `drain` is given one: the driver then looks whether the connection failed,
 * and rejects as it should.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

let watching = false;

/** From here on no write waits for a socket that has closed. May be called again. */
export function releaseClosedSockets(): void {
  if (watching) return;
  watching = true;
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    // A moment later: the write may come between the closing and the driver's hearing of it.
    socket.once('close', () => setImmediate(() => release(socket)));
  });
}

function release(socket: Socket): void {
  if (socket.listenerCount('drain') > 0) socket.emit('drain');
}
