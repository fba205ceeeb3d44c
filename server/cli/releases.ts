/** `fidelis release`: datasets frozen as releases, listed, and checked against the data of today. */
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { recordCommand } from '../audit/events.ts';
import { createRelease } from '../releases/create.ts';
import { listReleases, type Release } from '../releases/store.ts';
import { type ReleaseVerdict, type TableChange, verifyRelease } from '../releases/verify.ts';
import { getStudy } from '../studies/store.ts';
import { definitionOf } from './definition.ts';
import { pathArgument } from './files.ts';
import { act, exitCodes, withContext } from './run.ts';

export function releaseCommands(): Command {
  const release = new Command('release').description('datasets frozen for good: numbered, hashed, and checked later');
  const create = release
    .command('create')
    .description('freeze a dataset as the next release of its study')
    .requiredOption('--study <id>', 'the study')
    .requiredOption(
      '--definition <name or file>',
      'a dataset that is defined in the study, or a JSON file',
      pathArgument,
    )
    .requiredOption('--purpose <text>', 'what the release is for');
  act<{ study: string; definition: string; purpose: string }>(create, async ({ study, definition, purpose }) => {
    const made = await withContext(
      async (context) => {
        const wanted = await definitionOf(context, study, definition);
        const thing = { dataset: wanted.name, level: wanted.level, purpose };
        return recordCommand(context, { verb: 'release.create', study, thing }, () =>
          createRelease(context, study, { definition: wanted, purpose, by: `command of ${userInfo().username}` }),
        );
      },
      { sealed: true },
    );
    return { json: made, lines: [lineOf(made), ...made.files.map(({ name, sha256 }) => `  ${sha256}  ${name}`)] };
  });

  const list = release
    .command('list')
    .description('the releases of a study, the latest first')
    .requiredOption('--study <id>', 'the study');
  act<{ study: string }>(list, async ({ study }) => {
    const releases = await withContext(async ({ db }) => {
      await getStudy(db, study);
      return listReleases(db, study);
    });
    return {
      json: { releases },
      lines: releases.length > 0 ? releases.map(lineOf) : [`The study "${study}" has no release yet.`],
    };
  });

  const verify = release
    .command('verify')
    .description('compute releases anew and say whether and where the data have changed since')
    .requiredOption('--study <id>', 'the study')
    .option('--number <n>', 'one release; all, unless told', wholeNumber)
    .addHelpText('after', '\nExit code 0 when nothing has changed, 1 when something has.');
  act<{ study: string; number?: number }>(verify, async ({ study, number }) => {
    const verdicts = await withContext(
      async (context) => {
        await getStudy(context.db, study);
        const numbers =
          number === undefined ? (await listReleases(context.db, study)).map((one) => one.number) : [number];
        return recordCommand(context, { verb: 'release.verify', study }, async () => {
          const found: ReleaseVerdict[] = [];
          for (const one of numbers.toSorted((a, b) => a - b)) found.push(await verifyRelease(context, study, one));
          return found;
        });
      },
      { sealed: true },
    );
    if (verdicts.some((one) => one.verdict !== 'unchanged' || one.damagedFiles.length > 0)) {
      process.exitCode = exitCodes.refused;
    }
    return {
      json: { verdicts },
      lines: verdicts.length > 0 ? verdicts.flatMap(linesOf) : [`The study "${study}" has no release yet.`],
    };
  });
  return release;
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('the number of a release is expected.');
}

function lineOf({ number, definition, responses, at, purpose }: Release): string {
  return `${number}  ${definition.name} (${definition.level}), ${responses} responses, ${at.toISOString()}: ${purpose}`;
}

const words = {
  unchanged: 'the data give the same tables',
  changed: 'THE DATA HAVE CHANGED SINCE',
  'cannot-recompute': 'THE DATASET CANNOT BE BUILT ANY MORE',
} as const;

function linesOf({ number, verdict, damagedFiles, tables, notes }: ReleaseVerdict): string[] {
  return [
    `Release ${number}: ${words[verdict]}.`,
    ...damagedFiles.map((name) => `  ${name}: its bytes are not those that were frozen`),
    ...tables.flatMap(tableLines),
    ...notes.map((note) => `  ${note}`),
  ];
}

function tableLines({ table, added, gone, changed, columnsAdded, columnsGone, examples }: TableChange): string[] {
  return [
    `  ${table}: ${added} rows added, ${gone} gone, ${changed} changed`,
    ...(columnsAdded.length > 0 ? [`    columns added: ${columnsAdded.join(', ')}`] : []),
    ...(columnsGone.length > 0 ? [`    columns gone: ${columnsGone.join(', ')}`] : []),
    ...examples.changed.map(({ key, columns }) => `    changed: ${key} in ${columns.join(', ')}`),
    ...examples.gone.map((key) => `    gone: ${key}`),
    ...examples.added.map((key) => `    added: ${key}`),
  ];
}
