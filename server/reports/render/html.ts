/**
 * A report as one web page that stands alone: no script, nothing loaded, pictures within. The same page is printed as the
 * PDF. Called by `render.ts`.
 */
import { createHash } from 'node:crypto';
import { formatCell } from '../../../analysis/printed-cell.ts';
import type { ChartSpec, Flow, FlowBox, Note, Report, Section, Table } from '../../../analysis/result.ts';
import { Html, html } from '../../responses/html.ts';
import type { ChartPicture } from './chart-pictures.ts';
import { style } from './style.ts';

/** For a page that is served: nothing but its own styles and the pictures within it. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export interface Pictures {
  /** By the ids of charts; a chart without a picture is told by its table alone. */
  readonly paper: ReadonlyMap<string, ChartPicture>;
  /** Drawn for a phone; empty for paper. */
  readonly phone: ReadonlyMap<string, ChartPicture>;
}

/** More columns than this do not fit an upright page. */
export const widestUpright = 10;

/** The page; its language is British English, as all reports are. */
export function reportHtml(report: Report, pictures: Pictures): string {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${report.title} – ${report.subtitle}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${report.title}</h1>
<p class="lead">${report.subtitle}</p>
${notes(report.notes)}
${report.sections.length > 3 && contents(report.sections)}
${report.sections.map((section) => sectionHtml(section, pictures))}
</main>
</body>
</html>
`.text;
}

function contents(sections: readonly Section[]): Html {
  return html`<nav aria-label="Contents"><h2>Contents</h2><ul>${sections.map(
    ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`,
  )}</ul></nav>`;
}

function sectionHtml(section: Section, pictures: Pictures): Html {
  const drawn = section.charts.filter(({ id }) => pictures.paper.has(id));
  return html`<section aria-labelledby="${section.id}">
<h2 id="${section.id}">${section.title}</h2>
${section.text !== '' && html`<p>${section.text}</p>`}
${notes(section.notes ?? [])}
${(section.flows ?? []).map(flowHtml)}
${drawn.map((chart) => chartHtml(chart, pictures))}
${section.tables.map(tableHtml)}
</section>
`;
}

function chartHtml(chart: ChartSpec, { paper, phone }: Pictures): Html | false {
  const picture = paper.get(chart.id);
  if (!picture) return false;
  const small = phone.get(chart.id);
  return html`<figure>
<figcaption><strong>${chart.title}.</strong> ${chart.summary} The table below has the figures.</figcaption>
<picture>${small ? html`<source media="(max-width: 40rem)" srcset="${dataUri(small)}" width="${small.width}" height="${small.height}">` : false}<img src="${dataUri(picture)}" width="${picture.width}" height="${picture.height}" alt="${chart.summary}"></picture>
</figure>`;
}

function dataUri({ png }: ChartPicture): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}

function tableHtml(table: Table): Html {
  const wide = table.columns.length > widestUpright;
  return html`<div class="${wide ? 'table wide' : 'table'}" tabindex="0" role="region" aria-label="${table.title}"><table>
<caption>${table.title}</caption>
<thead><tr>${table.columns.map(({ title, kind }) => html`<th scope="col"${kind !== 'text' && html` class="number"`}>${title}</th>`)}</tr></thead>
<tbody>
${table.rows.map(
  (row) =>
    html`<tr>${row.map((value, at) => {
      const column = table.columns[at];
      if (!column) return false;
      const text = formatCell(value, column);
      if (at === 0) return html`<th scope="row">${text}</th>`;
      return html`<td${column.kind !== 'text' && html` class="number"`}>${text}</td>`;
    })}</tr>\n`,
)}</tbody>
</table></div>
${notes(table.notes)}`;
}

/** Boxes one below the other, arms side by side where there is room: text that flows, and no picture of text. */
function flowHtml(flow: Flow): Html {
  return html`<figure class="flow" role="group" aria-label="${flow.title}">
<figcaption><strong>${flow.title}.</strong> ${flow.summary} The table below has the counts.</figcaption>
${boxHtml(flow.top)}
<div class="arms">${flow.columns.map(
    ({ title, boxes }) => html`<div class="arm"><h3>${title}</h3>${boxes.map((box) => html`${boxHtml(box)}`)}</div>`,
  )}</div>
</figure>`;
}

function boxHtml({ title, lines }: FlowBox): Html {
  return html`<div class="box"><p class="box-title">${title}</p>${
    lines.length > 0 &&
    html`<dl>${lines.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${flowCount(value)}</dd></div>`)}</dl>`
  }</div>`;
}

/** A count of a box as it is read. */
export function flowCount(value: string | number | null): string {
  return formatCell(value, { id: 'count', title: '', kind: 'integer' });
}

function notes(list: readonly Note[]): Html | false {
  if (list.length === 0) return false;
  return html`<ul class="notes">${list.map(({ text }) => html`<li>${text}</li>`)}</ul>`;
}
