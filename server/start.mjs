/** `npm start`: prepares the checkout where needed, then runs the server in this same process. */
import { prepare } from './prepare.mjs';

await prepare();
process.env.NODE_ENV ??= 'production';
if (process.env.npm_lifecycle_event !== undefined) {
  // npm runs this through a shell that passes no SIGTERM on: when that shell has gone, nobody else would stop the server.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 1000).unref();
}
// By its address: the file is there only after the build.
await import(new URL('../dist/server/main.js', import.meta.url).href);
