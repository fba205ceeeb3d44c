/** `fidelis instruments check, diff, import, export`: instruments and files. Only `export` reads published versions. */
import { type Command, Option } from 'commander';
import { pino } from 'pino';
import { checkInstrument, inspectInstrument } from '../../instruments/checks/check-instrument.ts';
import type { InstrumentFinding } from '../../instruments/checks/finding.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import type { LeftOut } from '../../instruments/interop/left-out.ts';
import { paperOf } from '../../instruments/paper.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { loadConfig } from '../config.ts';
import { type ImportFormat, importFormats, readInstrumentFile } from '../instruments/read-file.ts';
import { hashInstrument } from '../instruments/store.ts';
import { type ExportFormat, exportFormats, instrumentFile } from '../instruments/write-file.ts';
import { pagePdf } from '../invitations/print-pdf.ts';
import { Problem } from '../problems.ts';
import { pathArgument, readJson, requireFile } from './files.ts';
import { act, exitCodes } from './run.ts';
import { whole } from './whole-file.ts';

export function addCheck(instruments: Command): void {
  const check = instruments
    .command('check')
    .argument('<file>', 'the instrument version', pathArgument)
    .description('check an instrument file: what would block publishing, and hints; needs no database')
    .option('--previous <file>', 'the version before, whose answers shall compare', pathArgument);
  act<{ previous?: string; json?: boolean }>(check, async ({ previous, json: asJson }, file = '') => {
    const json = await readJson(file);
    const before = previous === undefined ? undefined : await readInstrument(previous);
    const { findings, read } = inspectInstrument(json, before ? { previous: before } : {});
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (!read) {
      const problem = new Problem('invalid-instrument', { issues: findings });
      if (!asJson) throw problem;
      process.exitCode = exitCodes.refused;
      const { code, title } = problem;
      return { json: { ok: false, problem: { code, title, issues: findings }, findings }, lines: [] };
    }
    const { id, version, scales } = read.instrument;
    const variables = read.codebook.variables.length;
    if (errors.length > 0) process.exitCode = exitCodes.refused;
    const verdict =
      errors.length > 0
        ? `${id}@${version} cannot be published yet: ${errors.length} ${errors.length === 1 ? 'thing blocks' : 'things block'} it.`
        : `${id}@${version} is fine: ${variables} variables, ${scales.length} scales.`;
    return {
      json: {
        ok: errors.length === 0,
        instrument: { id, version, variables, scales: scales.length, hash: hashInstrument(read.instrument) },
        findings,
      },
      lines: [verdict, ...findings.map(inWords)],
    };
  });
}

const inWords = ({ severity, path, message, code }: InstrumentFinding): string =>
  `  ${severity}: ${path}: ${message} (${code})`;

async function readInstrument(file: string): Promise<Instrument> {
  const parsed = parseInstrument(await readJson(file));
  if (parsed.ok) return parsed.value;
  const issues = parsed.issues.map((issue) => ({ ...issue, path: `${file}: ${issue.path}` }));
  throw new Problem('invalid-instrument', { issues });
}

export function addDiff(instruments: Command): void {
  const diff = instruments
    .command('diff')
    .argument('<old>', 'the older version', pathArgument)
    .argument('<new>', 'the newer version', pathArgument)
    .description('what has changed between two versions, each change graded; needs no database');
  act(diff, async (_options, old = '', fresh = '') => {
    const [older, newer] = [await readInstrument(old), await readInstrument(fresh)];
    const changes = diffInstruments(older, newer);
    const shown = (text: string | null) => (text === null ? 'nothing' : `"${text}"`);
    return {
      json: { older: `${older.id}@${older.version}`, newer: `${newer.id}@${newer.version}`, changes },
      lines:
        changes.length === 0
          ? ['Nothing has changed.']
          : changes.flatMap(({ item, what, grade, reason, before, after }) => [
              `${grade.padEnd(9)} ${item ?? 'instrument'}: ${what}. ${reason}`,
              `          from ${shown(before)} to ${shown(after)}`,
            ]),
    };
  });
}

export function addImport(instruments: Command): void {
  const bring = instruments
    .command('import')
    .argument('<file>', 'what another program wrote', pathArgument)
    .description('make a draft from a file of another program, and say what was left out; needs no database')
    .addOption(new Option('--from <format>', 'what wrote it').choices([...importFormats]).makeOptionMandatory())
    .requiredOption('--out <file>', 'where the draft goes', pathArgument);
  act<{ from: ImportFormat; out: string }>(bring, async ({ from, out }, file = '') => {
    await requireFile(file);
    const { instrument, leftOut } = await readInstrumentFile(file, from);
    const findings = checkInstrument(instrument);
    const written = await whole(
      out,
      async (stream) => void (await ended(stream, `${JSON.stringify(instrument, null, 2)}\n`)),
    );
    const errors = findings.filter(({ severity }) => severity === 'error');
    return {
      json: { ...written, instrument: String(instrument.id), leftOut, findings },
      lines: [
        `Wrote a draft to ${written.path}.`,
        ...(leftOut.length > 0 ? ['Changed or left out:'] : []),
        ...leftOut.map(leftOutLine),
        ...(errors.length > 0 ? ['To be mended before it can be published:', ...errors.map(inWords)] : []),
      ],
    };
  });
}

const leftOutLine = ({ item, what, why }: LeftOut): string => `  ${item ?? 'the whole'}: ${what}. ${why}`;

function ended(stream: NodeJS.WritableStream, text: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject).once('finish', resolve);
    stream.end(text);
  });
}

/** @param find the published version that a name like trust@1 stands for, and the day that it was published */
export function addExport(
  instruments: Command,
  find: (name: string) => Promise<{ instrument: Instrument; at: Date | null }>,
): void {
  const take = instruments
    .command('export')
    .argument('<id@version>', 'a published version, like trust@1 (the newest, unless told)')
    .description('write a version for another program or on paper, and say what that has no place for')
    .addOption(new Option('--to <format>', 'what it is for').choices([...exportFormats, 'pdf']).makeOptionMandatory())
    .requiredOption('--out <file>', 'where it goes', pathArgument)
    .option('--language <tag>', 'of the paper; the first of the instrument, unless told');
  act<{ to: ExportFormat | 'pdf'; out: string; language?: string }>(take, async ({ to, out, language }, name = '') => {
    const { instrument, at } = await find(name);
    if (language !== undefined && !instrument.languages.includes(language)) {
      const detail = `${instrument.id}@${instrument.version} is not in ${language}; it has ${instrument.languages.join(', ')}.`;
      throw new Problem('not-found', { detail });
    }
    if (to === 'pdf') {
      const context = { config: loadConfig(process.env), log: pino({ level: 'error' }, pino.destination(2)) };
      const pdf = await pagePdf(context, paperOf(instrument, language).html);
      const written = await whole(out, (stream) => ended(stream, pdf));
      return { json: { ...written, leftOut: [] }, lines: [`Wrote ${written.path}.`] };
    }
    const file = instrumentFile(instrument, to, at ?? libraryDay);
    const written = await whole(out, (stream) => file.write(stream));
    const { leftOut } = file;
    const head = leftOut.length > 0 ? ['It has no place for:'] : [];
    return {
      json: { ...written, leftOut },
      lines: [`Wrote ${written.path}.`, ...head, ...leftOut.map(leftOutLine)],
    };
  });
}

/** The day that files of the library carry where there is no database that it was published in. */
const libraryDay = new Date('2026-01-01T00:00:00Z');
