/** `fidelis export`: datasets as files. */
import { existsSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { listAdministrations } from '../administrations/store.ts';
import { recordCommand } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { fileStem, loadDataset } from '../datasets/dataset.ts';
import { exportDdi, exportFileTables, exportParts, exportTables } from '../datasets/export.ts';
import { type Part, responsesIn } from '../datasets/part.ts';
import { makeFolder } from '../folders.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { exportDefinition } from './export-definition.ts';
import { pathArgument } from './files.ts';
import { act, WrongUsage, withContext } from './run.ts';
import { type WrittenFile, whole, wholeSet } from './whole-file.ts';

const formats = ['xlsx', 'csv', 'sav', 'dta', 'parquet', 'r', 'jsonl', 'ddi', 'zip'] as const;
type Format = (typeof formats)[number];

interface ExportOptions {
  readonly study: string;
  readonly administration?: string;
  readonly format: Format;
  readonly out: string;
  readonly asAt?: string;
  readonly definition?: string;
}

const help = `
What is written, by the path after --out:
  FILE.xlsx   one workbook; of several administrations: a list of them, then their sheets, each named after its own
  FILE.zip    (--format zip) every format with codebook, syntax and descriptions; of several administrations: a folder each
  FILE.csv    (--format csv) the data of one administration; beside it FILE.codebook.csv and FILE.<linked table>.csv
  FILE.sav    (--format sav) the data of one administration for SPSS; beside it FILE.<linked table>.sav
  FILE.dta    (--format dta) the same for Stata 14 and later; FILE.parquet and FILE.jsonl likewise
  FILE.R      (--format r) the script that reads FILE.csv, which is written beside it, into R
  FILE.xml    (--format ddi) the DDI-Codebook document of one administration
  a folder    a workbook, or the other files, for each administration
Without --administration, all administrations of the study are exported.
With --definition, the one dataset that it defines is: one file, and beside FILE.csv and the like one for each linked table.`;

export function exportCommand(): Command {
  const command = new Command('export')
    .description('write coded datasets to files')
    .requiredOption('--study <id>', 'the study')
    .option('--administration <id>', 'one administration; all, unless told')
    .addOption(new Option('--format <format>', 'what to write').choices(formats).makeOptionMandatory())
    .requiredOption('--out <path>', 'file or folder to write', pathArgument)
    .option('--definition <name or file>', 'a dataset that is defined in the study, or a JSON file', pathArgument)
    .option('--as-at <day>', 'arm, cluster, school and role of this day, or `allocated`; else as answered', dayArgument)
    .addHelpText('after', help);
  return act<ExportOptions>(command, async (options) => {
    const target = targetOf(options);
    if (options.definition !== undefined) return exportDefinition({ ...options, definition: options.definition });
    const { files, responses, notes } = await withContext(async (context) => {
      const ids = await administrationsOf(context, options);
      const { study, administration, format } = options;
      const thing = { format, ...(administration === undefined ? {} : { administration }) };
      const written = await recordCommand(context, { verb: 'dataset.export', study, thing }, () =>
        write(context, study, ids, options, target),
      );
      return { ...written, notes: await notesOf(context, study, ids) };
    });
    return {
      json: { study: options.study, responses, files, notes },
      lines: [...files.map(({ path, bytes }) => `${path} (${bytes} bytes)`), ...notes],
    };
  });
}

/** Columns that have another name than one would look for. */
async function notesOf(context: Context, study: string, ids: readonly string[]): Promise<string[]> {
  const notes: string[] = [];
  for (const id of ids) {
    const { columns } = await loadDataset(context, study, id);
    notes.push(...columns.renamed.map((note) => `${id}: ${note}`));
  }
  return notes;
}

function dayArgument(text: string): string {
  if (text === 'allocated' || !Number.isNaN(Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : ''))) return text;
  throw new InvalidArgumentError('a day like 2026-09-01 is expected, or allocated.');
}

type Target = Format | 'folder';

/** How the file of a format ends. */
const endingOf = (format: Format) => ({ r: 'R', ddi: 'xml' })[format as string] ?? format;

function targetOf({ out, format }: ExportOptions): Target {
  const isFolder = existsSync(out) ? statSync(out).isDirectory() : /[/\\]$/.test(out) || extname(out) === '';
  if (isFolder) return 'folder';
  const ending = extname(out).toLowerCase().slice(1);
  if (ending === endingOf(format).toLowerCase()) return format;
  if (format === 'csv' && ending === 'zip') return 'zip';
  const expected = format === 'csv' ? '.csv or .zip' : `.${endingOf(format)}`;
  throw new WrongUsage(`--format ${format} writes files that end in ${expected}, or into a folder; --out is ${out}`);
}

async function administrationsOf(context: Context, { study, administration }: ExportOptions): Promise<string[]> {
  if (administration !== undefined) return [administration];
  await getStudy(context.db, study);
  // A pilot stands apart: it is exported where it is named.
  const ids = (await listAdministrations(context.db, study)).filter(({ pilot }) => !pilot).map(({ id }) => id);
  if (ids.length === 0) throw new Problem('not-found', { detail: `The study "${study}" has no administrations.` });
  return ids;
}

async function write(
  context: Context,
  study: string,
  ids: readonly string[],
  { out, format, asAt }: ExportOptions,
  target: Target,
): Promise<{ files: WrittenFile[]; responses: number }> {
  const files: WrittenFile[] = [];
  if (target !== 'folder' && target !== 'xlsx' && target !== 'zip' && ids.length > 1) {
    const several = format === 'csv' ? 'a .zip or a folder' : 'a folder';
    throw new WrongUsage(
      `the study has ${ids.length} administrations: name one with --administration, or give --out ${several}`,
    );
  }
  let responses = 0;
  /** One file that holds these administrations. */
  const bundle = async (path: string, administrations: readonly string[], kind: 'xlsx' | 'zip') => {
    files.push(
      await whole(path, async (file) => {
        responses += responsesIn(
          await exportParts(context, study, administrations, kind, () => file, undefined, asAt ?? null),
        );
      }),
    );
  };
  if (target === 'xlsx' || target === 'zip') {
    await bundle(out, ids, target);
    return { files, responses };
  }
  if (target === 'folder') await makeFolder(out);
  for (const id of ids) {
    if (format === 'xlsx' || format === 'zip') {
      await bundle(join(out, `${fileStem(await loadDataset(context, study, id))}.${format}`), [id], format);
      continue;
    }
    const baseOf = (stem: string) => (target === 'folder' ? join(out, stem) : out.slice(0, -extname(out).length));
    const written = await wholeSet(async (write) => {
      const text = (stem: string, content: string) =>
        write(`${baseOf(stem)}.${endingOf(format)}`, async (into) => void (await finished(into.end(content))));
      const file = (table: string, stem: string, writeTable: (into: Writable) => Promise<void>) => {
        const ending = format === 'r' ? 'csv' : format;
        return write(`${baseOf(stem)}${table === 'data' ? '' : `.${table}`}.${ending}`, writeTable);
      };
      const asked = { study, administration: id, asAt: asAt ?? null };
      const script = (stem: string, scriptOf: (data: string) => string) =>
        text(stem, scriptOf(`${basename(baseOf(stem))}.csv`));
      let parts: readonly Part[];
      if (format === 'ddi') parts = await exportDdi(context, asked, text);
      else if (format === 'csv') parts = await exportTables(context, study, id, file, asked.asAt);
      else if (format === 'r') parts = await exportTables(context, study, id, file, asked.asAt, script);
      else parts = await exportFileTables(context, { ...asked, format }, ({ name }, ...rest) => file(name, ...rest));
      responses += responsesIn(parts);
    });
    files.push(...written);
  }
  return { files, responses };
}
