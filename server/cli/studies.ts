/** `fidelis studies`: create a study from a file. */
import { Command } from 'commander';
import { recordCommand } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { ensureLibrary } from '../instruments/library.ts';
import { createStudy } from '../studies/create.ts';
import { pathArgument, readJson } from './files.ts';
import { act, withContext } from './run.ts';

export function studyCommands(): Command {
  const studies = new Command('studies').description('studies with their rosters and administrations');
  const command = studies
    .command('create')
    .description('create a study with clusters, schools, people and administrations; makes the links as well')
    .requiredOption('--file <study.json>', 'the study; its format is in server/README.md', pathArgument);
  act<{ file: string }>(command, async ({ file }) => {
    const json = await readJson(file);
    const create = async (context: Context) => {
      await ensureLibrary(context);
      return recordCommand(context, { verb: 'study.create', study: null }, () => createStudy(context, json));
    };
    const created = await withContext(create, { creates: true });
    const { study, clusters, schools, people, administrations, invitations } = created;
    return {
      json: created,
      lines: [
        `Created the study "${study}": ${clusters} clusters, ${schools} schools, ${people} people, ` +
          `${administrations} administrations, ${invitations} links.`,
      ],
    };
  });
  return studies;
}
