/** The codebook as a page that can be read, searched and printed: no script, nothing beside it. */

import { html } from '../responses/html.ts';
import type { CellTable } from './codebook-table.ts';
import type { Dataset } from './dataset.ts';

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#14212a}
table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{border-bottom:1px solid #c9d3d8;padding:.4rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{border-bottom:2px solid #14212a;background:#eef2f4}.wide{overflow-x:auto}`;

/** The codebook of an administration. */
export function codebookPage(
  { study, administration, instrument }: Dataset,
  codebook: CellTable,
  scales: CellTable,
): string {
  return tablesPage(
    `Codebook: ${administration.title}`,
    `${study.title}. ${instrument.title}, version ${instrument.version}.`,
    [
      ['Scales', scales],
      ['Variables', codebook],
    ],
  );
}

/** A whole document of tables, each under its heading. */
export function tablesPage(title: string, lead: string, tables: readonly (readonly [string, CellTable])[]): string {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${lead}</p>
${tables.map(([name, table]) => html`<h2>${name}</h2>\n${tableHtml(name, table)}\n`)}</main>
</body>
</html>
`.text;
}

function tableHtml(title: string, { header, rows }: CellTable) {
  if (rows.length === 0) return html`<p>None.</p>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${header.map((name) => html`<th scope="col">${name.replaceAll('_', ' ')}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...rest]) =>
    html`<tr><th scope="row">${first ?? ''}</th>${rest.map((cell) => html`<td>${cell ?? ''}</td>`)}</tr>\n`,
)}</tbody>
</table></div>`;
}
