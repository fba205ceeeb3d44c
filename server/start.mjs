/** `npm start`: prepares the checkout where needed, then runs the server in this same process. */
import { prepare } from './prepare.mjs';

await prepare();
process.env.NODE_ENV ??= 'production';
// By its address: the file is there only after the build.
await import(new URL('../dist/server/main.js', import.meta.url).href);
