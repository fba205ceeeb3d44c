/** The command line, `npx fidelis …`: the same use cases as the routes. Run by `fidelis.mjs`. */
import { CommanderError } from 'commander';
import { fidelisProgram } from './program.ts';
import { exitCodes } from './run.ts';

try {
  await (await fidelisProgram(process.argv[2])).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Asked for help: done. Anything else the parser refuses is wrong usage, and it has said so.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
