/**
 * Reads an XLSForm (the sheets survey, choices and settings, as rows of texts) into a draft of an instrument, and tells by
 * item what was changed or left out. Called by the import of the workshop and by `fidelis instruments import`.
 */
import type { Issue } from '../instrument.ts';
import { draftAround, LegalNames } from './draft.ts';
import { type Imported, type LeftOut, type Table, UnreadableFile } from './left-out.ts';
import { choiceLists } from './xlsform-choices.ts';
import { type SheetRow, sheetRows } from './xlsform-columns.ts';
import { FormLanguages } from './xlsform-languages.ts';
import { questionsOf } from './xlsform-questions.ts';
import { type Branch, treeOf } from './xlsform-tree.ts';

/** Sheets by name, each with its header first. */
export type XlsformSheets = Readonly<Record<string, Table>>;

const knownSheets = ['survey', 'choices', 'settings'];
const knownSettings = ['form_title', 'form_id', 'default_language', 'version', 'style'];
const mostRows = 5_000;

function refuse(code: string, path: string, message: string): never {
  const issue: Issue = { code, path, message };
  throw new UnreadableFile([issue]);
}

/** Throws `UnreadableFile` for what is no XLSForm or contradicts itself. */
export function importXlsform(sheets: XlsformSheets): Imported {
  const named = new Map(Object.entries(sheets).map(([name, table]) => [name.trim().toLowerCase(), table]));
  const leftOut: LeftOut[] = [];
  const rowsOf = (sheet: string): SheetRow[] => {
    const table = named.get(sheet) ?? [];
    if (table.length > mostRows) refuse('too-large', sheet, `The sheet ${sheet} has more than ${mostRows} rows.`);
    return sheetRows(table, sheet);
  };
  if (!named.has('survey')) refuse('no-survey', 'survey', 'An XLSForm has a sheet "survey"; this file has none.');
  const survey = rowsOf('survey');
  if (!(named.get('survey')?.[0] ?? []).some((header) => header.trim().toLowerCase() === 'type')) {
    refuse('no-type', 'survey', 'The sheet survey has no column "type".');
  }
  const choices = rowsOf('choices');
  const [settings] = rowsOf('settings');
  for (const { name } of settings?.filled ?? []) {
    if (knownSettings.includes(name)) continue;
    leftOut.push({ item: null, what: `setting ${name}`, why: 'Instruments have no such setting.' });
  }
  for (const sheet of named.keys()) {
    if (knownSheets.includes(sheet)) continue;
    leftOut.push({ item: null, what: `sheet ${sheet}`, why: 'Only the sheets survey, choices and settings are read.' });
  }
  const languages = new FormLanguages([...survey, ...choices], settings?.cell('default_language') ?? '', leftOut);
  const names = new LegalNames(leftOut);
  const tree = treeOf(survey, choiceLists(choices), names, leftOut);
  const elements = questionsOf(tree, { languages, names, leftOut });
  languages.tellGaps();
  const title = settings?.cell('form_title') || settings?.cell('form_id') || 'Imported form';
  const formId = settings?.cell('form_id') ?? '';
  const pages = pagesOf(elements.pages, elements.calculated);
  return {
    instrument: draftAround(pages, {
      title,
      ...(formId === '' ? {} : { id: formId }),
      languages: languages.tags,
      from: 'an XLSForm',
    }),
    leftOut,
  };
}

export interface ReadPage {
  readonly branch: Branch | null;
  readonly json: Record<string, unknown>;
}

function pagesOf(pages: readonly ReadPage[], calculated: readonly Record<string, unknown>[]): Record<string, unknown> {
  return {
    pages: pages.map(({ json }) => json),
    ...(calculated.length > 0 ? { calculatedValues: calculated } : {}),
  };
}
