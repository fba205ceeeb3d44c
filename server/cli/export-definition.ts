/** `fidelis export --definition`: the dataset that a definition makes, as files. Called by `export.ts`. */
import { existsSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { recordCommand } from '../audit/events.ts';
import { buildDataset } from '../datasets/definitions/build.ts';
import {
  type BuiltFormat,
  type BuiltTableFormat,
  builtScript,
  requireSheets,
  tableFormats,
  writeBuilt,
  writeBuiltTable,
} from '../datasets/definitions/files.ts';
import { makeFolder } from '../folders.ts';
import { definitionOf } from './definition.ts';
import { type Result, WrongUsage, withContext } from './run.ts';
import { wholeSet } from './whole-file.ts';

interface Wanted {
  readonly study: string;
  readonly definition: string;
  readonly format: BuiltFormat;
  readonly out: string;
  readonly administration?: string;
  readonly asAt?: string;
}

const endings: Partial<Record<BuiltFormat, string>> = { r: 'R', ddi: 'xml' };
const isTableFormat = (format: BuiltFormat): format is BuiltTableFormat =>
  (tableFormats as readonly string[]).includes(format);

export async function exportDefinition({ study, definition, format, out, ...more }: Wanted): Promise<Result> {
  if (more.administration !== undefined || more.asAt !== undefined) {
    throw new WrongUsage('--administration and --as-at are in the definition already: give --definition alone');
  }
  const isFolder = existsSync(out) ? statSync(out).isDirectory() : /[/\\]$/.test(out) || extname(out) === '';
  const ending = endings[format] ?? format;
  if (!isFolder && extname(out).toLowerCase() !== `.${ending.toLowerCase()}`) {
    throw new WrongUsage(`--format ${format} writes a file that ends in .${ending}, or into a folder; --out is ${out}`);
  }
  const made = await withContext(
    async (context) => {
      const wanted = await definitionOf(context, study, definition);
      const { name, level, purpose } = wanted;
      const fact = { verb: 'dataset.export', study, thing: { dataset: name, format, level, purpose } } as const;
      return recordCommand(context, fact, async () => {
        const built = await buildDataset(context, study, wanted);
        try {
          if (format === 'xlsx') requireSheets(built);
          if (isFolder) await makeFolder(out);
          const base = isFolder ? join(out, `${study}-${name}`) : out.slice(0, -extname(out).length);
          const files = await wholeSet(async (write) => {
            if (!isTableFormat(format) && format !== 'r') {
              return write(`${base}.${ending}`, (file) => writeBuilt(file, built, format));
            }
            for (const [at, table] of built.tables.entries()) {
              const stem = `${base}${at === 0 ? '' : `.${table.name}`}`;
              if (isTableFormat(format)) {
                await write(`${stem}.${ending}`, (file) => writeBuiltTable(file, table, format));
                continue;
              }
              await write(`${stem}.csv`, (file) => writeBuiltTable(file, table, 'csv'));
              const script = builtScript(built, `${basename(stem)}.csv`, table);
              await write(`${stem}.R`, async (file) => void (await finished(file.end(script))));
            }
          });
          const { sha256, counts, notes } = built;
          return { dataset: name, sha256, ...counts, notes, files };
        } finally {
          await built.close();
        }
      });
    },
    { sealed: true },
  );
  return {
    json: { study, ...made },
    lines: [...made.files.map(({ path, bytes }) => `${path} (${bytes} bytes)`), ...made.notes],
  };
}
