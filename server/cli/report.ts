/** `fidelis report`: the evaluation report of a study and the feedback reports of its schools as files, whole ones only. */
import { extname } from 'node:path';
import { Command, Option } from 'commander';
import type { Report } from '../../analysis/result.ts';
import { recordCommand } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { readSchoolReport } from '../reports/release-report.ts';
import { type ReportFormat, renderReport, reportFormats } from '../reports/render/render.ts';
import { loadEvaluationReport } from '../reports/study-report.ts';
import { act, progressLine, type Result, WrongUsage, withContext } from './run.ts';
import { whole } from './whole-file.ts';

interface Options {
  readonly study: string;
  readonly school?: string;
  readonly format?: ReportFormat;
  readonly out: string;
  readonly suppress?: boolean;
}

export function reportCommands(): Command {
  const command = new Command('report').description('reports of a study as a web page, PDF, Word document or workbook');
  command.addCommand(
    act<Options>(
      withFile(new Command('evaluation'))
        .description('the evaluation report: flow, response, measures, outcomes, schools, amendments')
        .option('--suppress', 'leave out cells below the study’s minimum, as readers without coded data see it'),
      (options) =>
        written(options, (context, onShare) =>
          loadEvaluationReport(context, options.study, options.suppress === true, { onShare }),
        ),
    ),
  );
  command.addCommand(
    act<Options>(
      withFile(new Command('school'))
        .description('the feedback report of a school, as released, or as it would be released today')
        .requiredOption('--school <school>', 'id of the school'),
      (options) =>
        written(options, async (context, onShare) => {
          const reader = { scope: 'all', draft: true } as const;
          return (await readSchoolReport(context, options.study, options.school ?? '', reader, { onShare })).report;
        }),
    ),
  );
  return command;
}

function withFile(command: Command): Command {
  return command
    .requiredOption('--study <study>', 'id of the study')
    .addOption(
      new Option('--format <format>', 'what the file is; by the ending of --out without it').choices([
        ...reportFormats,
      ]),
    )
    .requiredOption('--out <path>', 'the file to write');
}

async function written(
  options: Options,
  load: (context: Context, onShare: (share: number) => void) => Promise<Report>,
): Promise<Result> {
  const { study, out } = options;
  const format = formatOf(options);
  return withContext(async (context) => {
    const progress = progressLine('Computing');
    const report = await load(context, (share) => progress.show(share * 100, 100)).finally(() => progress.end());
    const bytes = await renderReport(context, report, format);
    const file = await recordCommand(context, { verb: 'report.export', study }, () =>
      whole(out, async (target) => {
        await new Promise<void>((resolve, reject) => {
          target.once('error', reject);
          target.end(bytes, () => resolve());
        });
      }),
    );
    const empty = report.notes.filter(({ code }) => code === 'no-responses').map(({ text }) => text);
    return {
      json: { study, ...(options.school ? { school: options.school } : {}), format, file, notes: empty },
      lines: [`${report.title}: ${file.path} (${file.bytes} bytes)`, ...empty],
    };
  });
}

/** The format that is named, or the one that the file's ending tells. */
function formatOf({ format, out }: Options): ReportFormat {
  const ending = extname(out).slice(1).toLowerCase();
  const told = format ?? reportFormats.find((one) => one === ending);
  if (told === undefined) throw new WrongUsage(`--format wants one of ${reportFormats.join(', ')}`);
  return told;
}
