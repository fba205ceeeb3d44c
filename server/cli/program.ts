/** All commands of `npx fidelis`, unparsed. Made by `main.ts`; a test goes through them. */
import { Command } from 'commander';
import { packageVersion } from '../package-root.ts';

/** The commands in the order of the help. Each is loaded when it is needed: most need a small part of the server. */
const commands: Readonly<Record<string, () => Command | Promise<Command>>> = {
  serve: serveCommand,
  user: async () => (await import('./users.ts')).userCommands(),
  identities: async () => (await import('./identities.ts')).identityCommands(),
  instruments: async () => (await import('./instruments.ts')).instrumentCommands(),
  studies: async () => (await import('./studies.ts')).studyCommands(),
  roster: async () => (await import('./roster.ts')).rosterCommands(),
  demo: async () => (await import('./demo.ts')).demoCommands(),
  responses: async () => (await import('./responses.ts')).responseCommands(),
  person: async () => (await import('./person.ts')).personCommands(),
  export: async () => (await import('./export.ts')).exportCommand(),
  release: async () => (await import('./releases.ts')).releaseCommands(),
  simulate: async () => (await import('./responses.ts')).simulateCommand(),
  rates: async () => (await import('./rates.ts')).ratesCommand(),
  fidelity: async () => (await import('./fidelity.ts')).fidelityCommand(),
  report: async () => (await import('./report.ts')).reportCommands(),
  analyse: async () => (await import('./analyse.ts')).analyseCommand(),
  audit: async () => (await import('./audit.ts')).auditCommands(),
};

/**
 * The program with the one command that is asked for, or with all of them: for the help, and to say what may have been
 * meant by a word that names none.
 */
export async function fidelisProgram(asked?: string): Promise<Command> {
  const program = new Command('fidelis')
    .description('Survey and implementation-process-evaluation toolkit for school-improvement trials')
    .helpCommand(false)
    .version(packageVersion())
    .showHelpAfterError('(add --help for how it is typed)')
    .exitOverride();
  const known = asked !== undefined && Object.hasOwn(commands, asked);
  for (const [name, load] of Object.entries(commands)) {
    if (!known || name === asked) program.addCommand(await load());
  }
  throughout(program);
  return program;
}

function serveCommand(): Command {
  return (
    new Command('serve')
      .description('start the server, as npm start does')
      // Loaded here: the help needs no web server.
      .action(async () => (await import('../serve.ts')).serve())
  );
}

/** Commands that are added already made do not inherit this. */
function throughout(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for how it is typed)');
  for (const child of command.commands) throughout(child);
}
