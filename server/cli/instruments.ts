/** `fidelis instruments`: the published versions, the check of a file, codebooks, publishing. */
import { Command, Option } from 'commander';
import { codebookOf } from '../../instruments/codebook.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { recordCommand } from '../audit/events.ts';
import { loadConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { codebookTable } from '../datasets/codebook-table.ts';
import { datasetColumns } from '../datasets/columns.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { addInstrument } from '../instruments/add.ts';
import { ensureLibrary, loadLibrary } from '../instruments/library.ts';
import { hashInstrument, listInstruments } from '../instruments/store.ts';
import { Problem } from '../problems.ts';
import { pathArgument, readJson } from './files.ts';
import { addCheck, addDiff, addExport, addImport } from './instrument-files.ts';
import { act, hasData, WrongUsage, withContext } from './run.ts';

export function instrumentCommands(): Command {
  const instruments = new Command('instruments').description('questionnaires, logs and observation forms');

  act(instruments.command('list').description('the published versions'), async () => {
    const rows = (await publishedVersions()).map(({ instrument, hash, publishedAt }) => ({
      ...summaryOf(instrument),
      hash,
      publishedAt: publishedAt?.toISOString() ?? null,
    }));
    return {
      json: { instruments: rows },
      lines: rows.map(
        ({ id, version, kind, variables, scales, title }) =>
          `${`${id}@${version}`.padEnd(32)} ${kind.padEnd(11)} ${String(variables).padStart(3)} variables, ${scales} scales   ${title}`,
      ),
    };
  });

  addCheck(instruments);
  addDiff(instruments);
  addImport(instruments);
  addExport(instruments, async (name) => {
    const { id, version } = parsedName(name);
    const record = (context: Context) =>
      recordCommand(context, { verb: 'instrument.export', study: null, thing: { instrument: id } }, async () => {});
    const { instrument, publishedAt } = newest(await publishedVersions(record), id, version);
    return { instrument, at: publishedAt };
  });

  const codebook = instruments
    .command('codebook <id[@version]>')
    .description('the codebook of a published version (the newest, unless told)')
    .addOption(new Option('--format <format>', 'csv or json').choices(['csv', 'json']).default('csv'));
  act<{ format: 'csv' | 'json' }>(codebook, async ({ format }, name = '') => {
    const { id, version } = parsedName(name);
    const record = (context: Context) =>
      recordCommand(context, { verb: 'codebook.export', study: null, thing: { instrument: id } }, async () => {});
    const { instrument } = newest(await publishedVersions(record), id, version);
    const book = codebookOf(instrument);
    const { header, rows } = codebookTable(datasetColumns(book, instrument.scales), instrument, null);
    const csv = [header, ...rows].map((cells) => csvLine(cells).replace(/\r\n$/, ''));
    return { json: book, lines: format === 'json' ? [JSON.stringify(book, null, 2)] : csv };
  });

  const add = instruments
    .command('add')
    .argument('<file>', 'the instrument version', pathArgument)
    .description('publish the version in a file; a published version never changes')
    .requiredOption('--why <reason>', 'why it is published, for the record')
    .option('--by <name>', 'who publishes it, for the record', 'command line');
  act<{ why: string; by: string }>(add, async (record, file = '') => {
    const json = await readJson(file);
    const publish = (context: Context) =>
      recordCommand(context, { verb: 'instrument.publish', study: null }, () => addInstrument(context, json, record));
    const added = await withContext(publish, { creates: true });
    const what = `${added.id}@${added.version}`;
    return {
      json: added,
      lines: [
        added.created
          ? `Published ${what}, SHA-256 ${added.hash}.`
          : `${what} is published already, with the same content.`,
      ],
    };
  });
  return instruments;
}

function summaryOf(instrument: Instrument) {
  const { id, version, kind, subject, title, scales } = instrument;
  return {
    id,
    version,
    kind,
    subject,
    title,
    variables: codebookOf(instrument).variables.length,
    scales: scales.length,
  };
}

function parsedName(name: string): { id: string; version: number | null } {
  const [, id, version] = /^([a-z][a-z0-9-]*)(?:@(\d{1,6}))?$/.exec(name) ?? [];
  if (!id)
    throw new WrongUsage(`"${name}" is no instrument: give an id like trust, or an id and a version like trust@1`);
  return { id, version: version === undefined ? null : Number(version) };
}

interface Published {
  readonly instrument: Instrument;
  readonly hash: string;
  /** Null where there is no database that it was published in. */
  readonly publishedAt: Date | null;
}

/** The published versions; where there are no data yet, those that come with Fidelis. */
async function publishedVersions(before: (context: Context) => Promise<void> = async () => {}): Promise<Published[]> {
  const config = loadConfig(process.env);
  if (!hasData(config)) {
    process.stderr.write(`There are no Fidelis data in ${config.dataFolder}: these instruments come with Fidelis.\n`);
    const library = await loadLibrary();
    return library.map((instrument) => ({ instrument, hash: hashInstrument(instrument), publishedAt: null }));
  }
  return withContext(async (context) => {
    await before(context);
    await ensureLibrary(context);
    return listInstruments(context.db);
  });
}

function newest(published: readonly Published[], id: string, version: number | null): Published {
  const versions = published.filter(({ instrument }) => instrument.id === id);
  const found = version === null ? versions.at(-1) : versions.find(({ instrument }) => instrument.version === version);
  if (!found) {
    throw new Problem('not-found', {
      detail: `There is no published ${version === null ? '' : `version ${version} of `}instrument "${id}".`,
    });
  }
  return found;
}
