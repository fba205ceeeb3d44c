/** A report as a file in one of its formats, all from the one value. Called by the routes and the command line. */
import type { Writable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ChartSpec, Report } from '../../../analysis/result.ts';
import type { Context } from '../../context.ts';
import { pagePdf } from '../../invitations/print-pdf.ts';
import type { ChartPicture } from './chart-pictures.ts';
import { reportHtml } from './html.ts';

export const reportFormats = ['html', 'pdf', 'docx', 'xlsx'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Media types by format. */
export const reportTypes: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

type Needs = Pick<Context, 'config' | 'log' | 'clock'>;

/** The bytes of the file. Throws `pdf-unavailable` where there is no Chromium to print with. */
export async function renderReport(context: Needs, report: Report, format: ReportFormat): Promise<Buffer> {
  const charts = report.sections.flatMap((section) => section.charts);
  if (format === 'xlsx') return workbook(context, report);
  const paper = await pictures(context, charts, 'paper');
  if (format === 'docx') return (await import('./docx.ts')).reportDocx(report, paper);
  if (format === 'pdf') return pagePdf(context, reportHtml(report, { paper, phone: new Map() }));
  return Buffer.from(reportHtml(report, { paper, phone: await pictures(context, charts, 'phone') }));
}

async function workbook({ clock }: Needs, report: Report): Promise<Buffer> {
  const { writeReportWorkbook } = await import('./xlsx.ts');
  const out: Writable & NodeJS.ReadableStream = new PassThrough();
  const [bytes] = await Promise.all([buffer(out), writeReportWorkbook(out, report, clock())]);
  return bytes;
}

/** No pictures where the machine has no library to draw with: the tables say the same. */
async function pictures(
  { log }: Needs,
  charts: readonly ChartSpec[],
  size: 'paper' | 'phone',
): Promise<ReadonlyMap<string, ChartPicture>> {
  if (charts.length === 0) return new Map();
  const drawing = await import('./chart-pictures.ts').catch((error: unknown) => {
    log.warn({ err: error }, 'there is nothing to draw charts with on this machine; reports have their tables alone');
    return null;
  });
  return drawing ? drawing.chartPictures(charts, size) : new Map();
}
