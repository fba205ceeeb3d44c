/**
 * The dataset as a DDI-Codebook 2.5 document, for archives: the study, its files, every variable with its words, codes,
 * reserved codes of gaps, and counts.
 */
import { missingCodes, missingLabels, missingReasons } from '../../instruments/missing.ts';
import type { Study } from '../../instruments/study.ts';
import type { Dataset } from './dataset.ts';
import type { FileVariable } from './file-columns.ts';
import type { FileTable } from './file-table.ts';
import { xmlText } from './formats/xml-text.ts';

const namespace = 'ddi:codebook:2_5';
const schemaLocation = 'http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd';

/** What a document tells beside its tables; a dataset of one administration, or of several. */
export interface Described {
  readonly study: Study;
  /** Unique in the study. */
  readonly id: string;
  readonly title: string;
  readonly at: Date;
  readonly datasets: readonly Dataset[];
  /** What was left out or resolved: a sentence each. */
  readonly notes: readonly string[];
}

/** An administration by itself. */
export function describedAlone(dataset: Dataset): Described {
  const { study, administration, at } = dataset;
  const title = `${study.title}: ${administration.title}`;
  return { study, id: administration.id, title, at, datasets: [dataset], notes: [] };
}

/** @param fileOf name of the file of a table */
export function ddiDocument(
  { study, id, title, at, datasets, notes: told }: Described,
  tables: readonly FileTable[],
  fileOf: (table: FileTable) => string,
): string {
  const day = at.toISOString().slice(0, 10);
  const citation = (text: string) => `<citation><titlStmt><titl>${xmlText(text)}</titl></titlStmt></citation>`;
  const notes = [
    ...(study.simulated ? ['Simulated data: made by a program for demonstration.'] : []),
    ...datasets.flatMap(({ amendments }) => amendments.map((text) => `Changed after the start: ${text}`)),
    ...told,
  ];
  const dates = datasets.flatMap(({ administration: { opens, closes, wave: of } }) => {
    const wave = xmlText(study.waves.find((one) => one.id === of)?.title ?? of);
    return [
      `<collDate date="${opens}" event="start" cycle="${wave}">${opens}</collDate>`,
      `<collDate date="${closes}" event="end" cycle="${wave}">${closes}</collDate>`,
    ];
  });
  const modes = [...new Set(datasets.map(({ administration }) => administration.mode))].join(' and ');
  const instruments = new Set(
    datasets.map(({ instrument, hash }) => `${instrument.title}, version ${instrument.version}, SHA-256 ${hash}`),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<codeBook version="2.5" xml:lang="en-GB" xmlns="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${namespace} ${schemaLocation}">
<docDscr>${citation(`Codebook of ${title}`)}</docDscr>
<stdyDscr>
<citation>
<titlStmt><titl>${xmlText(title)}</titl><IDNo agency="fidelis">${xmlText(`${study.id}/${id}`)}</IDNo></titlStmt>
<prodStmt><prodDate date="${day}">${day}</prodDate><software>Fidelis</software></prodStmt>
</citation>
<stdyInfo>
<abstract>${xmlText(study.description || study.title)}</abstract>
<sumDscr>
${dates.join('\n')}
<anlyUnit>Person</anlyUnit>
<dataKind>Survey data, ${modes}</dataKind>
</sumDscr>
${notes.map((note) => `<notes>${xmlText(note)}</notes>\n`).join('')}</stdyInfo>
<method><dataColl><collMode>Web questionnaire</collMode>${[...instruments].map((text) => `<resInstru>${xmlText(text)}</resInstru>`).join('')}</dataColl></method>
</stdyDscr>
${tables.map((table, number) => fileXml(table, fileOf(table), number)).join('')}<dataDscr>
${tables.map((table, number) => table.variables.map((variable, index) => variableXml(variable, number, index)).join('')).join('')}</dataDscr>
</codeBook>
`;
}

function fileXml({ title, rows, variables }: FileTable, file: string, number: number): string {
  return `<fileDscr ID="F${number + 1}"><fileTxt><fileName>${xmlText(file)}</fileName><fileCont>${xmlText(title)}</fileCont><dimensns><caseQnty>${rows}</caseQnty><varQnty>${variables.length}</varQnty></dimensns><fileType>text/csv</fileType></fileTxt></fileDscr>
`;
}

const natures = { nominal: 'nominal', ordinal: 'ordinal', scale: 'ratio' } as const;

function variableXml(
  { name, label, kind, measurement, values, gaps }: FileVariable,
  table: number,
  index: number,
): string {
  const numeric = kind === 'integer' || kind === 'number';
  const discrete = values.length > 0 ? 'discrete' : 'contin';
  const category = (code: number, text: string, missing: boolean) =>
    `<catgry${missing ? ' missing="Y"' : ''}><catValu>${code}</catValu><labl>${xmlText(text)}</labl></catgry>\n`;
  return `<var ID="V${table + 1}_${index + 1}" name="${xmlText(name)}" files="F${table + 1}" intrvl="${discrete}" nature="${natures[measurement]}">
<labl>${xmlText(label)}</labl>
${values.map(({ code, label: text }) => category(code, text, false)).join('')}${gaps ? missingReasons.map((reason) => category(missingCodes[reason], missingLabels[reason], true)).join('') : ''}<varFormat type="${numeric ? 'numeric' : 'character'}"${kind === 'date' || kind === 'datetime' || kind === 'time' ? ` category="${kind === 'time' ? 'time' : 'date'}"` : ''}/>
</var>
`;
}
