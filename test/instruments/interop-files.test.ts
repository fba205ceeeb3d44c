/** Files that other people's software wrote, each held against what stands in it. Sources and licences: test/fixtures/interop. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import yazl from 'yazl';
import { codebookOf } from '../../instruments/codebook.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import type { LeftOut } from '../../instruments/interop/left-out.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { type ImportFormat, readInstrumentFile } from '../../server/instruments/read-file.ts';
import { Problem } from '../../server/problems.ts';

async function read(
  format: ImportFormat,
  file: string,
): Promise<{ instrument: Instrument; leftOut: readonly LeftOut[] }> {
  const { instrument, leftOut } = await readInstrumentFile(join('test/fixtures/interop', format, file), format);
  const parsed = parseInstrument(instrument);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return { instrument: parsed.value, leftOut };
}
const told = (leftOut: readonly LeftOut[], what: string) =>
  leftOut.filter((one) => one.what === what).map(({ item }) => item);
const variables = (instrument: Instrument) =>
  codebookOf(instrument).variables.map(({ name, type }) => `${name} ${type}`);
const refusal = async (format: ImportFormat, file: string) => {
  const error = await read(format, file).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Problem);
  return (error as Problem).issues;
};

test('a form whose calculation is no formula is refused with the row and the reason', async () => {
  expect(await refusal('xlsform', 'bad_calc.xlsx')).toMatchObject([
    { code: 'bad-formula', path: 'survey.row 2.calculation', message: expect.stringContaining('badcalc') },
  ]);
});

test('a form with a column twice is refused with the name of the column', async () => {
  expect(await refusal('xlsform', 'duplicate_columns.xlsx')).toMatchObject([
    { code: 'duplicate-column', path: 'survey.label', message: expect.stringContaining('"label"') },
  ]);
});

test('choices that depend on the answer before are offered under conditions, those of two lists once', async () => {
  const { instrument, leftOut } = await read('xlsform', 'choice_filter_test.xlsx');
  expect(instrument.id).toBe('cascading-selects1');
  expect(instrument.title).toBe('cascading selects');
  const [page] = instrument.survey.pages as { elements: { name: string; choices: unknown[] }[] }[];
  const county = page?.elements.find(({ name }) => name === 'county');
  expect(county?.choices).toEqual([
    { value: 1, text: 'King', visibleIf: '({state} = 2) or ({state} = 1)' },
    { value: 2, text: 'Pierce', visibleIf: '{state} = 2' },
    { value: 3, text: 'Cameron', visibleIf: '{state} = 1' },
  ]);
  expect(told(leftOut, 'choice codes')).toEqual(['state', 'county', 'city']);
  expect(told(leftOut, 'setting allow_choice_duplicates')).toEqual([null]);
  expect(leftOut).toHaveLength(4);
});

test('the specification form: every type is read or told of', async () => {
  const { instrument, leftOut } = await read('xlsform', 'xlsform_spec_test.xlsx');
  expect(instrument.languages).toEqual(['en', 'zh']);
  const names = variables(instrument);
  expect(names).toEqual(
    expect.arrayContaining([
      ...['skip_to_end integer', 'my_name text', 'a_integer integer', 'a_decimal number', 'repeat_test_n integer'],
      ...['date_test date', 'time_test time', 'datetime_test datetime', 'calculate_test number', 'q_1 text'],
    ]),
  );
  const types = leftOut.filter(({ what }) => what.startsWith('type ')).map(({ what }) => what.slice(5));
  expect(types).toEqual([
    ...[
      'geopoint',
      'barcode',
      'image',
      'audio',
      'video',
      'start',
      'end',
      'today',
      'deviceid',
      'uri:deviceid',
      'phonenumber',
    ],
  ]);
  const inRepeat = codebookOf(instrument).tables.find(({ name }) => name === 'repeat_test');
  expect(inRepeat?.variables.map(({ name }) => name)).toEqual([
    ...['required_text', 'select_multiple_test_1', 'select_multiple_test_2', 'label_test', 'list_nolabel_test'],
    ...['table_list_question', 'compact_test', 'compact_2_test'],
  ]);
  expect(told(leftOut, 'relevant')).toEqual(['email_note']);
  expect(told(leftOut, 'sheet columns')).toEqual([null]);
});

test('the flat form says the same questions without a repeat', async () => {
  const { instrument } = await read('xlsform', 'flat_xlsform_test.xlsx');
  expect(codebookOf(instrument).tables).toEqual([]);
  expect(variables(instrument)).toEqual(
    expect.arrayContaining(['required_text text', 'select_multiple_test_1 integer']),
  );
});

test('a group becomes a page, and the phone number in it a text', async () => {
  const { instrument, leftOut } = await read('xlsform', 'group.xlsx');
  expect(leftOut).toEqual([]);
  expect(variables(instrument)).toEqual(['family_name text', 'phone_number text', 'age integer']);
  const pages = instrument.survey.pages as { title?: string }[];
  expect(pages.map(({ title }) => title)).toEqual([undefined, 'Father']);
});

test('"or other" is a choice of its own and a text for what it is', async () => {
  const { instrument, leftOut } = await read('xlsform', 'or_other.xlsx');
  expect(variables(instrument)).toEqual(['fav_color integer', 'fav_color_other text', 'fav_pastel integer']);
  expect(codebookOf(instrument).variables[0]?.values.at(-1)).toEqual({ code: 6, label: 'Other' });
  expect(told(leftOut, 'or other')).toEqual(['fav_color']);
  expect(told(leftOut, 'choice_filter')).toEqual(['fav_pastel']);
  const specified = await read('xlsform', 'specify_other.xlsx');
  expect(variables(specified.instrument)).toEqual(['sex integer', 'sex_other text']);
});

test('the oldest way of writing a choice question is read', async () => {
  const { instrument } = await read('xlsform', 'yes_or_no_question.xlsx');
  expect(codebookOf(instrument).variables).toMatchObject([
    {
      name: 'good_day',
      values: [
        { code: 1, label: 'yes' },
        { code: 2, label: 'no' },
      ],
    },
  ]);
});

test('check boxes of REDCap: numbers stay, letters become numbers and are told', async () => {
  const { instrument, leftOut } = await read('redcap', 'checkboxes-1.dictionary.csv');
  expect(variables(instrument)).toEqual([
    'record_id text',
    ...[1, 2, 3, 4].map((code) => `check_one_${code} integer`),
    ...[1, 2, 3, 4, 5].map((code) => `check_two_${code} integer`),
    'desired_result text',
  ]);
  expect(leftOut.filter(({ item }) => item !== null)).toEqual([
    { item: 'check_two', what: 'choice codes', why: expect.stringContaining('"a" became 1, "b" became 2') },
  ]);
});

test('dates, numbers and their limits of REDCap', async () => {
  const { instrument, leftOut } = await read('redcap', 'clinical-trial-1.dictionary.csv');
  const found = new Map(codebookOf(instrument).variables.map((variable) => [variable.name, variable]));
  expect(found.get('dob')).toMatchObject({ type: 'date' });
  expect(found.get('height')).toMatchObject({ type: 'number', range: { min: 0, max: 250 } });
  expect(found.get('weight')).toMatchObject({ type: 'integer', range: { min: 0, max: 300 } });
  expect(found.get('race')?.values.map(({ label }) => label)).toContain('(Not Used)');
  expect(told(leftOut, 'Identifier?')).toEqual(['name_last', 'name_first', 'address', 'phone', 'dob']);
});

test('a longitudinal project of REDCap: forms become pages, branching and formulas are carried over', async () => {
  const { instrument, leftOut } = await read('redcap', 'longitudinal.dictionary.csv');
  expect((instrument.survey.pages as unknown[]).length).toBe(9);
  const json = JSON.stringify(instrument.survey);
  expect(json).toContain('"visibleIf":"({sex} = 0) and ({given_birth} = 1)"');
  expect(json).toContain('"expression":"round((({weight}) * (10000)) / (({height}) ^ (2)), 1)"');
  expect(told(leftOut, 'type file')).toEqual(['patient_document']);
  expect(told(leftOut, 'Matrix Group Name')).toEqual(['gym', 'aerobics', 'eat', 'drink']);
});

test('odd signs, repeating instruments and the simple project of REDCap', async () => {
  const odd = await read('redcap', 'potentially-problematic-dictionary.dictionary.csv');
  expect(variables(odd.instrument)).toHaveLength(6);
  expect(told(odd.leftOut, 'Field Annotation')).toEqual([
    'curly_quote_double_left',
    'curly_quote_double_right',
    'long_dash',
  ]);
  const repeating = await read('redcap', 'repeating-instruments.dictionary.csv');
  expect(variables(repeating.instrument).slice(-3)).toEqual([
    'date_bp date',
    'bp_systolic integer',
    'bp_diastolic integer',
  ]);
  const simple = await read('redcap', 'simple.dictionary.csv');
  expect(variables(simple.instrument)).toHaveLength(20);
  expect(told(simple.leftOut, 'type file')).toEqual(['mugshot']);
});

test('a file that is not what it says is refused with what to do', async () => {
  expect(await refusal('redcap', '../xlsform/group.xlsx')).toMatchObject([{ path: 'the file' }]);
  expect(await refusal('xlsform', '../redcap/simple.dictionary.csv')).toMatchObject([{ path: 'the file' }]);
  expect(await refusal('surveyjs', '../redcap/simple.dictionary.csv')).toMatchObject([{ code: 'malformed-json' }]);
});

test('a workbook that unpacks to hundreds of megabytes is refused before it is unpacked', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fidelis-test-bomb-'));
  try {
    const file = join(folder, 'bomb.xlsx');
    const zip = new yazl.ZipFile();
    zip.addBuffer(Buffer.from('<workbook/>'), 'xl/workbook.xml');
    zip.addBuffer(Buffer.alloc(210_000_000), 'xl/worksheets/sheet1.xml');
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(file));
    const error = await readInstrumentFile(file, 'xlsform').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Problem);
    expect((error as Problem).issues).toMatchObject([{ code: 'file-too-large', path: 'the file' }]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
