/** Stops an HTTP server so that nobody notices: what is in flight is finished first. Called by serve.ts and by tests. */
import type { Server } from 'node:http';

/**
 * Stops accepting, closes connections as they fall idle (a browser's keep-alive connection would hold the server open
 * for minutes) and resolves when all are gone: `finished`. After `deadlineMs` (default ten seconds) what still runs is
 * cut off: `cut-off`.
 */
export async function closeGracefully(
  server: Server,
  { deadlineMs = 10_000 }: { deadlineMs?: number } = {},
): Promise<'finished' | 'cut-off'> {
  let outcome: 'finished' | 'cut-off' = 'finished';
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const deadline = setTimeout(() => {
    outcome = 'cut-off';
    server.closeAllConnections();
  }, deadlineMs);
  await new Promise<void>((resolve, reject) => {
    server.close((error) => {
      const notRunning = error && 'code' in error && error.code === 'ERR_SERVER_NOT_RUNNING';
      if (error && !notRunning) reject(error);
      else resolve();
    });
  }).finally(() => {
    clearInterval(sweep);
    clearTimeout(deadline);
  });
  return outcome;
}
