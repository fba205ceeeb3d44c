/** All commands of `npx fidelis`, unparsed. Made by `main.ts`; a test goes through them. */
import { Command } from 'commander';
import { packageVersion } from '../package-root.ts';
import { analyseCommand } from './analyse.ts';
import { auditCommands } from './audit.ts';
import { demoCommands } from './demo.ts';
import { exportCommand } from './export.ts';
import { fidelityCommand } from './fidelity.ts';
import { identityCommands } from './identities.ts';
import { instrumentCommands } from './instruments.ts';
import { personCommands } from './person.ts';
import { ratesCommand } from './rates.ts';
import { releaseCommands } from './releases.ts';
import { reportCommands } from './report.ts';
import { responseCommands, simulateCommand } from './responses.ts';
import { rosterCommands } from './roster.ts';
import { studyCommands } from './studies.ts';
import { userCommands } from './users.ts';

export function fidelisProgram(): Command {
  const program = new Command('fidelis')
    .description('Survey and implementation-process-evaluation toolkit for school-improvement trials')
    .helpCommand(false)
    .version(packageVersion())
    .showHelpAfterError('(add --help for how it is typed)')
    .exitOverride();

  program
    .command('serve')
    .description('start the server, as npm start does')
    // Loaded here: no other command needs the web server.
    .action(async () => (await import('../serve.ts')).serve());
  program.addCommand(userCommands());
  program.addCommand(identityCommands());
  program.addCommand(instrumentCommands());
  program.addCommand(studyCommands());
  program.addCommand(rosterCommands());
  program.addCommand(demoCommands());
  program.addCommand(responseCommands());
  program.addCommand(personCommands());
  program.addCommand(exportCommand());
  program.addCommand(releaseCommands());
  program.addCommand(simulateCommand());
  program.addCommand(ratesCommand());
  program.addCommand(fidelityCommand());
  program.addCommand(reportCommands());
  program.addCommand(analyseCommand());
  program.addCommand(auditCommands());

  throughout(program);
  return program;
}

/** Commands that are added already made do not inherit this. */
function throughout(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for how it is typed)');
  for (const child of command.commands) throughout(child);
}
