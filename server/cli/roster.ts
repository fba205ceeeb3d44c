/** `fidelis roster import`: clusters, schools and people from a CSV file or a workbook. */
import { basename } from 'node:path';
import { Command } from 'commander';
import { recordCommand } from '../audit/events.ts';
import type { RosterIssue } from '../rosters/files/read-row.ts';
import { importRoster } from '../rosters/import-roster.ts';
import type { RosterImport } from '../rosters/imports-store.ts';
import { getStudy } from '../studies/store.ts';
import { pathArgument, requireFile } from './files.ts';
import { act, exitCodes, progressLine, withContext } from './run.ts';

interface ImportOptions {
  readonly study: string;
  readonly file: string;
  readonly dryRun?: boolean;
}

export function rosterCommands(): Command {
  const roster = new Command('roster').description('clusters, schools and people of a study');
  const add = roster
    .command('import')
    .description('import a roster file: all rows or, when anything is wrong, none; the same file again changes nothing')
    .requiredOption('--study <id>', 'the study')
    .requiredOption('--file <file>', 'CSV in UTF-8, or .xlsx; the columns are in server/README.md', pathArgument)
    .option('--dry-run', 'check the file and tell what it would do; nothing is written');
  act<ImportOptions>(add, run);
  return roster;
}

async function run({ study, file, dryRun = false }: ImportOptions) {
  await requireFile(file);
  const check = progressLine('Checked rows');
  const write = progressLine('Importing');
  const { document, imported } = await withContext(async (context) => {
    await getStudy(context.db, study);
    const options = { study, path: file, file: basename(file), by: 'command line', dryRun };
    const read = () =>
      importRoster(context, options, ({ phase, done, total }) => {
        if (phase === 'check') check.show(done);
        else write.show(done, total);
      });
    // A dry run writes nothing and shows ids of what it has read from the caller's own file.
    if (dryRun) return read();
    return recordCommand(context, { verb: 'roster.import', study }, read, {
      refusalIn: ({ document: { problems } }) => (problems.length > 0 ? 'roster-refused' : null),
      madeBy: ({ document: { _id } }) => ({ import: _id }),
    });
  }).finally(() => {
    check.end();
    write.end();
  });
  if (document.problems.length > 0) process.exitCode = exitCodes.refused;
  for (const notice of document.notices) process.stderr.write(`Note: ${inWords(notice)}\n`);
  const { rows, problems, notices } = document;
  return { json: { rows, ...totals(document), problems, notices, imported }, lines: linesOf(document, imported) };
}

function totals({ counts }: RosterImport) {
  const all = Object.values(counts);
  const sum = (action: 'created' | 'changed' | 'unchanged') => all.reduce((n, one) => n + one[action], 0);
  return { created: sum('created'), changed: sum('changed'), unchanged: sum('unchanged') };
}

function linesOf(document: RosterImport, imported: boolean): string[] {
  const { rows, problems } = document;
  if (problems.length > 0) {
    return ['Nothing was imported. What is wrong, and where:', ...problems.map((issue) => `  ${inWords(issue)}`)];
  }
  const { created, changed, unchanged } = totals(document);
  const what = `${created} new, ${changed} changed, ${unchanged} unchanged`;
  return [imported ? `Imported ${rows} rows: ${what}.` : `Checked ${rows} rows: ${what}. Nothing was written.`];
}

function inWords({ sheet, row, column, code, message }: RosterIssue): string {
  const place = [sheet && `sheet ${sheet}`, row && `row ${row}`, column && `column ${column}`].filter(Boolean);
  return `${place.length > 0 ? `${place.join(', ')}: ` : ''}${message} (${code})`;
}
