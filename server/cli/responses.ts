/** `fidelis responses import` and `fidelis simulate`: answers that do not come through a link. */
import { createReadStream } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { recordCommand } from '../audit/events.ts';
import { Problem } from '../problems.ts';
import { importResponses } from '../responses/import.ts';
import { simulateResponses } from '../responses/simulate.ts';
import { pathArgument, requireFile } from './files.ts';
import { act, progressLine, withContext } from './run.ts';

interface ImportOptions {
  readonly study: string;
  readonly administration: string;
  readonly file: string;
  readonly schoolColumn?: string;
  readonly personColumn?: string;
  readonly again?: boolean;
}

export function responseCommands(): Command {
  const responses = new Command('responses').description('answers of an administration');
  const add = responses
    .command('import')
    .description('import answers from a CSV file: all rows or, when anything is wrong, none')
    .requiredOption('--study <id>', 'the study')
    .requiredOption('--administration <id>', 'the administration')
    .requiredOption('--file <file.csv>', 'UTF-8, commas, a header that names variables of the codebook', pathArgument)
    .option('--school-column <name>', 'column that holds the school (its id, or its name)')
    .option('--person-column <name>', 'column that holds the person (the pseudonym in the roster)')
    .option('--again', 'import although every row equals a row of another file');
  act<ImportOptions>(add, async ({ study, administration, file, schoolColumn, personColumn, again }) => {
    await requireFile(file);
    const progress = progressLine('Rows');
    const result = await withContext((context) =>
      recordCommand(context, { verb: 'response.import', study, thing: { administration } }, () =>
        importResponses(context, {
          study,
          administration,
          open: () => createReadStream(file),
          schoolColumn,
          personColumn,
          again,
          onProgress: ({ rows }) => progress.show(rows),
        }),
      ),
    ).finally(() => progress.end());
    const { rows, created, unchanged, alike, problems } = result;
    if (problems.length > 0) throw new Problem('invalid-import', { detail: 'Nothing was written.', issues: problems });
    const lines = [`Read ${rows} rows: ${created} new responses, ${unchanged} that were there already.`];
    if (alike > 0 && !again) {
      process.stderr.write(
        `Warning: ${alike} of the ${rows} rows equal rows that another file brought, and were imported beside them. ` +
          'Where they are the same people, they count twice now. ' +
          'A column response that names each row lets an import know it again.\n',
      );
    }
    return { json: { rows, created, unchanged, alike }, lines };
  });
  return responses;
}

interface SimulateOptions {
  readonly study: string;
  readonly administration: string;
  readonly responses: number;
  readonly seed: number;
}

export function simulateCommand(): Command {
  const simulate = new Command('simulate')
    .description('add simulated answers to an administration of a simulated study')
    .requiredOption('--study <id>', 'the study')
    .requiredOption('--administration <id>', 'the administration')
    .requiredOption('--responses <number>', 'how many', wholeNumber)
    .option('--seed <number>', 'the same seed gives the same answers', wholeNumber, 1);
  return act<SimulateOptions>(simulate, async (options) => {
    const progress = progressLine('Simulating');
    const { study, administration } = options;
    const result = await withContext((context) =>
      recordCommand(context, { verb: 'response.simulate', study, thing: { administration } }, () =>
        simulateResponses(context, { ...options, onProgress: ({ done, total }) => progress.show(done, total) }),
      ),
    );
    progress.end();
    const lines = [`${result.created} simulated responses, ${result.unchanged} that were there already.`];
    return { json: result, lines };
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is expected.');
  return Number(text);
}
