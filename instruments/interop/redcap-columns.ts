/** The columns of a REDCap data dictionary, and the rows of one by column. */
import type { Table } from './left-out.ts';
import { UnreadableFile } from './left-out.ts';

/** In the order in which REDCap writes them, and the names that its API gives them. */
export const redcapColumns = [
  ['Variable / Field Name', 'field_name'],
  ['Form Name', 'form_name'],
  ['Section Header', 'section_header'],
  ['Field Type', 'field_type'],
  ['Field Label', 'field_label'],
  ['Choices, Calculations, OR Slider Labels', 'select_choices_or_calculations'],
  ['Field Note', 'field_note'],
  ['Text Validation Type OR Show Slider Number', 'text_validation_type_or_show_slider_number'],
  ['Text Validation Min', 'text_validation_min'],
  ['Text Validation Max', 'text_validation_max'],
  ['Identifier?', 'identifier'],
  ['Branching Logic (Show field only if...)', 'branching_logic'],
  ['Required Field?', 'required_field'],
  ['Custom Alignment', 'custom_alignment'],
  ['Question Number (surveys only)', 'question_number'],
  ['Matrix Group Name', 'matrix_group_name'],
  ['Matrix Ranking?', 'matrix_ranking'],
  ['Field Annotation', 'field_annotation'],
] as const;
export type RedcapKey = (typeof redcapColumns)[number][1];

export interface RedcapRow {
  readonly line: number;
  cell(key: RedcapKey): string;
}

/** Throws `UnreadableFile` for a table that is no data dictionary. */
export function redcapRows(table: Table): RedcapRow[] {
  const [header = [], ...rows] = table;
  const places = new Map<RedcapKey, number>();
  header.forEach((text, at) => {
    const plain = text
      .replace(/^\uFEFF/, '')
      .trim()
      .toLowerCase();
    const found = redcapColumns.find(([long, short]) => long.toLowerCase() === plain || short === plain);
    if (!found) return;
    if (places.has(found[1])) {
      const message = `There are two columns "${found[0]}"; remove one.`;
      throw new UnreadableFile([{ code: 'duplicate-column', path: 'row 1', message }]);
    }
    places.set(found[1], at);
  });
  const missing = (['field_name', 'field_type', 'field_label'] as const).filter((key) => !places.has(key));
  if (missing.length > 0) {
    const names = redcapColumns.filter(([, key]) => missing.some((one) => one === key)).map(([long]) => `"${long}"`);
    const message = `This is no data dictionary of REDCap: its first row is without ${names.join(', ')}.`;
    throw new UnreadableFile([{ code: 'no-dictionary', path: 'row 1', message }]);
  }
  return rows.flatMap((cells, index): RedcapRow[] => {
    const cell = (key: RedcapKey) => (cells[places.get(key) ?? -1] ?? '').trim();
    return cell('field_name') === '' ? [] : [{ line: index + 2, cell }];
  });
}

/** Choices as REDCap writes them: `1, Yes | 2, No`. What has no comma stands for itself. */
export function redcapChoices(text: string): { readonly code: string; readonly label: string }[] {
  const parts = text.includes('|') ? text.split('|') : text.split(/\r?\n/);
  return parts.flatMap((part) => {
    const trimmed = part.trim();
    if (trimmed === '') return [];
    const comma = trimmed.indexOf(',');
    if (comma < 0) return [{ code: trimmed, label: trimmed }];
    return [{ code: trimmed.slice(0, comma).trim(), label: trimmed.slice(comma + 1).trim() }];
  });
}
