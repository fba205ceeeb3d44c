/**
 * A slow line between a browser and the server: every connection through it waits for a round trip before it can be used,
 * each byte takes half of one, and all connections share what goes through each way. Unlike the browser's own emulation
 * it holds for what a service worker fetches, too. Used by page.ts.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface SlowLine {
  readonly origin: string;
  /** Bytes that have come down since the last call. */
  takeBytes(): number;
  /** Where the line leads; connections before this are refused. */
  leadTo(origin: string): void;
  close(): Promise<void>;
}

export interface LineSpeed {
  readonly roundTripMs: number;
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
}

/** Opens the line on a free port of this machine. */
export async function openSlowLine(speed: LineSpeed): Promise<SlowLine> {
  let target: URL | null = null;
  let bytes = 0;
  const sockets = new Set<Socket>();
  const down = oneWay(speed.roundTripMs / 2, speed.downBitsPerSecond / 8000);
  const up = oneWay(speed.roundTripMs / 2, speed.upBitsPerSecond / 8000);
  const listener = createServer(async (near) => {
    if (target === null) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    // What a real connection takes to be made; the browser's side of ours is there at once.
    const made = wait(speed.roundTripMs);
    up(near, far, made);
    down(far, near, made, (size) => {
      bytes += size;
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    takeBytes() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    leadTo(origin) {
      target = new URL(origin);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Chunks small enough that connections share the line as packets do. */
const packet = 1460;

/** One direction of the line: packets leave one after the other at its rate and arrive `delay` milliseconds later. */
function oneWay(delay: number, bytesPerMs: number) {
  let free = 0;
  let waiting = 0;
  return (from: Socket, to: Socket, start: Promise<void>, count: (bytes: number) => void = () => {}): void => {
    let last: Promise<void> = start;
    from.on('data', (chunk: Buffer) => {
      from.pause();
      last = last.then(async () => {
        // An idle line begins now; a busy one goes on from when it was due, however late a timer was.
        if (waiting === 0) free = Math.max(free, performance.now());
        waiting += 1;
        for (let at = 0; at < chunk.length; at += packet) {
          const piece = chunk.subarray(at, at + packet);
          free += piece.length / bytesPerMs;
          const leaves = free - performance.now();
          if (leaves > 2) await wait(leaves);
          setTimeout(() => to.writable && to.write(piece), delay);
          count(piece.length);
        }
        waiting -= 1;
        from.resume();
      });
    });
    from.once('end', () => {
      last = last.then(() => {
        setTimeout(() => to.end(), delay);
      });
    });
  };
}
