/**
 * A report as a Word document: real headings, tables with header rows, pictures with texts in their place, wide tables on
 * pages across. The only importer of docx. Called by `render.ts`.
 */
import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  ImageRun,
  type ISectionOptions,
  LevelFormat,
  Packer,
  PageNumber,
  PageOrientation,
  Paragraph,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
  Table as WordTable,
} from 'docx';
import { formatCell } from '../../../analysis/printed-cell.ts';
import type { ChartSpec, Column, Flow, Note, Report, Section, Table } from '../../../analysis/result.ts';
import type { ChartPicture } from './chart-pictures.ts';
import { flowCount, widestUpright } from './html.ts';

type Block = Paragraph | WordTable;
/** Blocks that stand on pages of one orientation. */
interface Stretch {
  readonly across: boolean;
  readonly blocks: Block[];
}

const bullets = 'notes';

/** The document's bytes. `at` is the time that it carries. */
export async function reportDocx(report: Report, pictures: ReadonlyMap<string, ChartPicture>): Promise<Buffer> {
  const stretches: Stretch[] = [];
  const put = (across: boolean, ...blocks: Block[]) => {
    const last = stretches.at(-1);
    if (last?.across === across) last.blocks.push(...blocks);
    else stretches.push({ across, blocks });
  };
  put(
    false,
    new Paragraph({ text: report.title, heading: HeadingLevel.TITLE }),
    new Paragraph({ text: report.subtitle }),
    ...notes(report.notes),
  );
  for (const section of report.sections) putSection(section, pictures, put);
  const document = new Document({
    title: report.title,
    description: report.subtitle,
    creator: 'Fidelis',
    lastModifiedBy: 'Fidelis',
    styles: {
      default: {
        document: { run: { font: 'Calibri', size: 21, language: { value: 'en-GB' } } },
        title: { run: { size: 36, bold: true }, paragraph: { spacing: { after: 80 } } },
        heading1: {
          run: { size: 28, bold: true, color: '0A5A73' },
          paragraph: { spacing: { before: 320, after: 100 }, keepNext: true },
        },
        heading2: { run: { size: 22, bold: true }, paragraph: { spacing: { before: 200, after: 60 }, keepNext: true } },
      },
    },
    numbering: {
      config: [
        {
          reference: bullets,
          levels: [
            {
              level: 0,
              format: LevelFormat.BULLET,
              text: '•',
              style: { paragraph: { indent: { left: 360, hanging: 240 } } },
            },
          ],
        },
      ],
    },
    sections: stretches.map(
      ({ across, blocks }): ISectionOptions => ({
        properties: {
          page: {
            // A4; for pages across, docx turns it.
            size: {
              width: 11_906,
              height: 16_838,
              orientation: across ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT,
            },
            margin: { top: 1000, bottom: 1000, left: 900, right: 900 },
          },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                alignment: AlignmentType.CENTER,
                children: [new TextRun({ children: ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })],
              }),
            ],
          }),
        },
        children: blocks,
      }),
    ),
  });
  return Packer.toBuffer(document);
}

function putSection(
  section: Section,
  pictures: ReadonlyMap<string, ChartPicture>,
  put: (across: boolean, ...blocks: Block[]) => void,
): void {
  put(
    false,
    new Paragraph({ text: section.title, heading: HeadingLevel.HEADING_1 }),
    ...(section.text === '' ? [] : [new Paragraph({ text: section.text })]),
    ...notes(section.notes ?? []),
    ...(section.flows ?? []).flatMap(flowBlocks),
    ...section.charts.flatMap((chart) => chartBlocks(chart, pictures.get(chart.id))),
  );
  for (const table of section.tables) {
    put(
      table.columns.length > widestUpright,
      new Paragraph({ text: table.title, heading: HeadingLevel.HEADING_2 }),
      wordTable(table),
      ...notes(table.notes),
    );
  }
}

function chartBlocks(chart: ChartSpec, picture: ChartPicture | undefined): Block[] {
  if (!picture) return [];
  // The width of the text in pixels of Word, 96 to the inch.
  const scale = Math.min(1, 640 / picture.width, 860 / picture.height);
  const image = new ImageRun({
    type: 'png',
    data: picture.png,
    transformation: { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) },
    altText: { name: chart.id, title: chart.title, description: chart.summary },
  });
  return [
    new Paragraph({
      keepNext: true,
      spacing: { before: 160 },
      children: [new TextRun({ text: `${chart.title}. `, bold: true }), new TextRun(chart.summary)],
    }),
    new Paragraph({ children: [image] }),
  ];
}

/** The diagram as a table of boxes: one column for each arm, one row for each stage. */
function flowBlocks(flow: Flow): Block[] {
  const stages = Math.max(0, ...flow.columns.map(({ boxes }) => boxes.length));
  const lines = (box: Flow['top'] | undefined) =>
    box === undefined
      ? [new Paragraph({})]
      : [
          new Paragraph({ children: [new TextRun({ text: box.title, bold: true })] }),
          ...box.lines.map(({ label, value }) => new Paragraph({ text: `${label}: ${flowCount(value)}` })),
        ];
  const padding = { margins: { top: 60, bottom: 60, left: 100, right: 100 } };
  return [
    new Paragraph({
      keepNext: true,
      children: [new TextRun({ text: `${flow.title}. `, bold: true }), new TextRun(flow.summary)],
    }),
    new WordTable({
      width: { size: 100, type: WidthType.PERCENTAGE },
      rows: [
        new TableRow({
          children: [
            new TableCell({ ...padding, columnSpan: Math.max(1, flow.columns.length), children: lines(flow.top) }),
          ],
        }),
        new TableRow({
          tableHeader: true,
          children: flow.columns.map(
            ({ title }) =>
              new TableCell({
                ...padding,
                shading: { fill: 'EEF2F4' },
                children: [new Paragraph({ children: [new TextRun({ text: title, bold: true })] })],
              }),
          ),
        }),
        ...Array.from(
          { length: stages },
          (_, stage) =>
            new TableRow({
              cantSplit: true,
              children: flow.columns.map(({ boxes }) => new TableCell({ ...padding, children: lines(boxes[stage]) })),
            }),
        ),
      ],
    }),
  ];
}

function wordTable({ columns, rows }: Table): WordTable {
  const size = columns.length > widestUpright ? 14 : columns.length > 7 ? 16 : 18;
  const cell = (text: string, column: Column, bold: boolean) =>
    new TableCell({
      margins: { top: 30, bottom: 30, left: 60, right: 60 },
      ...(bold ? { shading: { fill: 'EEF2F4' } } : {}),
      children: [
        new Paragraph({
          alignment: column.kind === 'text' ? AlignmentType.LEFT : AlignmentType.RIGHT,
          children: [new TextRun({ text, size, bold })],
        }),
      ],
    });
  return new WordTable({
    width: { size: 100, type: WidthType.PERCENTAGE },
    rows: [
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: columns.map((column) => cell(column.title, column, true)),
      }),
      ...rows.map(
        (row) =>
          new TableRow({
            cantSplit: true,
            children: columns.map((column, at) => cell(formatCell(row[at] ?? null, column), column, false)),
          }),
      ),
    ],
  });
}

function notes(list: readonly Note[]): Paragraph[] {
  return list.map(
    ({ text }) =>
      new Paragraph({
        numbering: { reference: bullets, level: 0 },
        children: [new TextRun({ text, size: 18, color: '445360' })],
      }),
  );
}
