/**
 * Readers that are programs: R, PSPP, ReadStat, LibreOffice, xmllint, unzip. Each is started once for all files, or for
 * each file where it takes no more. Called by `readers.ts`.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCsvText } from './js-readers.ts';
import { type ReadColumn, type ReadTable, reasonOfTag } from './table.ts';

export function starts(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Runs a program to its end; what it says is in the error when it fails. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const environment = { ...process.env, LC_ALL: 'C.UTF-8', HOME: cwd };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: environment,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${error ?? ''}${stderr}${stdout}`);
  return stdout;
}

interface RColumn extends ReadColumn {
  readonly class?: string;
  readonly tags?: readonly (string | null)[];
}
interface RTable {
  readonly error?: string;
  readonly names: string[];
  readonly columns: Record<string, RColumn>;
  readonly labelled?: { readonly columns: Record<string, RColumn> };
}

/** All that R's packages read, by `reader|hazard|ending`; one process. */
export async function readByR(folder: string): Promise<Map<string, RTable>> {
  const program = fileURLToPath(new URL('./read.R', import.meta.url));
  const answer = join(folder, 'answer-of-r.json');
  run('Rscript', [program, folder, answer], folder);
  return new Map(Object.entries(JSON.parse(await readFile(answer, 'utf8')) as Record<string, RTable>));
}

export function tableOfR(found: RTable | undefined): ReadTable {
  if (!found) throw new Error('the reader said nothing of this file');
  if (found.error !== undefined) throw new Error(found.error);
  const columns = Object.entries(found.columns).map(([name, column]): [string, ReadColumn] => [
    name,
    columnOfR(column),
  ]);
  const labelled = Object.entries(found.labelled?.columns ?? {});
  return {
    names: found.names,
    columns: new Map(columns),
    labelled: new Map(labelled.map(([name, { cells }]) => [name, cells])),
  };
}

/** Hours are seconds in SPSS and moments of a day in Stata; tags say the reasons of gaps. */
function columnOfR({ cells, tags, reasons, class: of, ...rest }: RColumn): ReadColumn {
  const isHours =
    of === 'hms' || (cells.some((cell) => cell) && cells.every((cell) => cell?.startsWith('1960-01-01T') ?? true));
  return {
    ...rest,
    cells: isHours ? cells.map((cell) => (cell === null ? null : hours(cell))) : cells,
    reasons: reasons ?? cells.map((_, at) => reasonOfTag.get(tags?.[at] ?? '') ?? null),
  };
}

function hours(cell: string): string {
  return cell.includes('T') ? cell.slice(11) : new Date(Number(cell) * 1000).toISOString().slice(11, 19);
}

/** What PSPP makes of every .sav file, by hazard; one process. */
export async function readByPspp(folder: string): Promise<Map<string, ReadTable>> {
  const files = await stemsIn(folder, '.sav');
  const syntax = files.map(
    (stem) =>
      `GET FILE='${stem}.sav'.\nSAVE TRANSLATE /OUTFILE='pspp-${stem}.csv.txt' /TYPE=CSV /FIELDNAMES /CELLS=VALUES /MISSING=IGNORE /REPLACE.\n`,
  );
  await writeFile(join(folder, 'read.sps'), syntax.join(''));
  const said = run('pspp', ['-O', 'format=csv', 'read.sps'], folder);
  if (/warning|error/i.test(said)) throw new Error(said);
  const days = (cell: string) =>
    cell.replace(
      /^(\d\d)\/(\d\d)\/(\d{4})(?: (.*))?$/,
      (_, month, day, year, time) => `${year}-${month}-${day}${time === undefined ? '' : `T${time}`}`,
    );
  return read(
    folder,
    files,
    (stem) => `pspp-${stem}.csv.txt`,
    (cell) => (cell === ' ' ? null : days(cell)),
  );
}

/** What LibreOffice makes of the first sheet of every workbook, by hazard; one process. */
export async function readByLibreOffice(folder: string): Promise<Map<string, ReadTable>> {
  const files = await stemsIn(folder, '.xlsx');
  const into = join(folder, 'libreoffice');
  await mkdir(into, { recursive: true });
  // Comma, quotes, UTF-8, from the first line, raw values, the first sheet.
  const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,1';
  const names = files.map((stem) => join(folder, `${stem}.xlsx`));
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  run('soffice', ['--headless', profile, '--convert-to', filter, '--outdir', into, ...names], folder);
  return read(
    into,
    files,
    (stem) => `${stem}-data.csv`,
    (cell) => cell,
  );
}

/** What the command of ReadStat makes of every .dta file, by hazard. Days and moments are plain numbers to it. */
export async function readByReadStat(folder: string): Promise<Map<string, ReadTable>> {
  const files = await stemsIn(folder, '.dta');
  // It says on the standard output what it converts, and writes over nothing.
  for (const stem of files) run('readstat', [`${stem}.dta`, `readstat-${stem}.csv`], folder);
  return read(
    folder,
    files,
    (stem) => `readstat-${stem}.csv`,
    (cell) => cell,
  );
}

async function stemsIn(folder: string, ending: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
}

async function read(
  folder: string,
  stems: readonly string[],
  nameOf: (stem: string) => string,
  cellOf: (cell: string) => string | null,
): Promise<Map<string, ReadTable>> {
  const tables = new Map<string, ReadTable>();
  for (const stem of stems) {
    const { names, columns } = readCsvText(await readFile(join(folder, nameOf(stem)), 'utf8'));
    const cells = [...columns].map(([name, column]): [string, ReadColumn] => [
      name,
      { cells: column.cells.map((cell) => (cell === null ? null : cellOf(cell))) },
    ]);
    tables.set(stem, { names, columns: new Map(cells) });
  }
  return tables;
}
