/** `fidelis studies`: list the studies, create one from a file. */
import { Command } from 'commander';
import { z } from 'zod';
import { idSchema } from '../administrations/schemas.ts';
import { recordCommand } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { ensureLibrary } from '../instruments/library.ts';
import { countRosters } from '../rosters/store.ts';
import { createStudy } from '../studies/create.ts';
import { listStudies } from '../studies/store.ts';
import { pathArgument, readJson } from './files.ts';
import { act, withContext } from './run.ts';

/** The id that the file gives its study; null where that is none. */
function idIn(json: unknown): string | null {
  const parsed = z.object({ study: z.object({ id: idSchema }) }).safeParse(json);
  return parsed.success ? parsed.data.study.id : null;
}

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
      return recordCommand(context, { verb: 'study.create', study: idIn(json) }, () => createStudy(context, json));
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
  const list = studies.command('list').description('all studies with their sizes');
  act(list, async () => {
    const found = await withContext(async ({ db }) => {
      const [all, rosters] = await Promise.all([listStudies(db), countRosters(db)]);
      return all.map(({ id, title, simulated, arms, waves }) => ({
        ...{ id, title, simulated, arms: arms.map((arm) => arm.id), waves: waves.map((wave) => wave.id) },
        ...(rosters.get(id) ?? { clusters: 0, schools: 0, people: 0 }),
      }));
    });
    const lines = found.map(
      ({ id, title, clusters, schools, people, simulated }) =>
        `${id}  ${title}: ${clusters} clusters, ${schools} schools, ${people} people${simulated ? ' (simulated)' : ''}`,
    );
    return { json: { studies: found }, lines: lines.length > 0 ? lines : ['There is no study yet.'] };
  });
  return studies;
}
