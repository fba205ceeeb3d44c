#!/usr/bin/env node
/** `npx fidelis`: prepares the checkout where needed, then runs the command line in this same process. */
import { prepare } from '../prepare.mjs';

await prepare();
process.env.NODE_ENV ??= 'production';
await import(new URL('../../dist/server/cli/main.js', import.meta.url).href);
