/** The shipped instruments: sound, documented, in British English and short enough. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codebookOf } from '../../instruments/codebook.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { load } from './load.ts';

const library = new URL('../../instruments/library/', import.meta.url);

/** Asked in the same words in every staff survey, so that answers can be pooled. */
const background = ['role', 'role_other', 'years_school'];

/** Items whose wording runs against their scale. */
const reversed: Readonly<Record<string, readonly string[]>> = {
  'collective-efficacy': ['cte03', 'cte05', 'cte07', 'cte09', 'cte10', 'cte12'],
  trust: ['tl03', 'tl05', 'tl07', 'tc04', 'tp04', 'ts05'],
  'lateral-accountability': [],
  'learning-conversations': [],
  'programme-experience': ['pr05', 'pq04'],
  'implementation-log': [],
  'peer-review-observation': [],
};

const structure: Readonly<
  Record<string, readonly [kind: string, subject: string, itemsPerScale: Record<string, number>]>
> = {
  'collective-efficacy': ['survey', 'person', { collective_efficacy: 12 }],
  trust: [
    'survey',
    'person',
    {
      trust_leadership: 8,
      trust_colleagues: 8,
      trust_pupils_parents: 10,
      trust_partners: 6,
    },
  ],
  'lateral-accountability': [
    'survey',
    'person',
    {
      lateral_group: 4,
      lateral_precision: 4,
      lateral_candour: 4,
      lateral_trust: 3,
      lateral_outlook: 3,
      lateral_culture: 4,
    },
  ],
  'learning-conversations': [
    'survey',
    'person',
    {
      conversation_validity: 5,
      conversation_respect: 4,
      conversation_commitment: 4,
    },
  ],
  'programme-experience': [
    'survey',
    'person',
    {
      responsiveness: 5,
      delivery_quality: 5,
      acceptability: 4,
      appropriateness: 4,
      feasibility: 4,
      usual_practice: 6,
    },
  ],
  'implementation-log': ['log', 'cluster', {}],
  'peer-review-observation': ['observation', 'school', { review_quality: 6, review_conversation: 4 }],
};

const files = readdirSync(library).filter((file) => file.endsWith('.json'));

/** All texts that a respondent may read, with the property that holds them. */
function textsOf(json: unknown, key = ''): { key: string; text: string }[] {
  if (typeof json === 'string') return readable.has(key) ? [{ key, text: json }] : [];
  if (Array.isArray(json)) return json.flatMap((entry) => textsOf(entry, key));
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([inner, value]) => textsOf(value, inner));
}
const readable = new Set([
  ...['title', 'description', 'text', 'placeholder', 'labelTrue', 'labelFalse', 'minRateDescription'],
  ...['maxRateDescription', 'pageNextText', 'pagePrevText', 'completeText', 'addPanelText', 'removePanelText'],
  ...['noEntriesText', 'confirmDeleteText', 'addRowText', 'removeRowText', 'noRowsText', 'keyDuplicationError'],
]);

interface Element {
  readonly type: string;
  readonly name: string;
  readonly rows?: readonly unknown[];
  readonly columns?: readonly unknown[];
  readonly elements?: readonly Element[];
}
interface Page {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly elements: readonly Element[];
}

function pagesOf(instrument: Instrument): readonly Page[] {
  return instrument.survey.pages as readonly Page[];
}

function wordsIn(json: unknown): number {
  return textsOf(json).reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
}

/** Answers on a page: a matrix takes one for each row. */
function answersOn(page: Page): number {
  return page.elements.reduce((sum, element) => sum + (element.type === 'matrix' ? (element.rows?.length ?? 0) : 1), 0);
}

test('the library holds the seven instruments, and the second version of the log', () => {
  expect(files.toSorted()).toEqual(
    [...Object.keys(structure).map((id) => `${id}.v1.json`), 'implementation-log.v2.json'].toSorted(),
  );
});

test('the second version of the log asks what the first does, and who took part and for evidence besides', () => {
  const [first, second] = ['implementation-log.v1.json', 'implementation-log.v2.json'].map((file) => {
    const codebook = codebookOf(load(library, file));
    const of = (variables: readonly { name: string; label: string }[]) =>
      variables.map(({ name, label }) => [name, label]);
    return {
      main: of(codebook.variables),
      tables: codebook.tables.map(({ name, variables }) => [name, of(variables)]),
    };
  });
  const added = ['attended_n', 'ev_evidence_n'];
  const without = second?.tables
    .filter(([name]) => name !== 'events_attended')
    .map(([name, variables]) => [name, (variables as string[][]).filter(([one]) => !added.includes(one ?? ''))]);
  expect(second?.main).toEqual(first?.main);
  expect(without).toEqual(first?.tables);
  const events = second?.tables.find(([name]) => name === 'events')?.[1] as string[][];
  expect(events.filter(([name]) => added.includes(name ?? '')).length).toBe(2);
});

describe.each(files)('%s', (file) => {
  const instrument = load(library, file);
  const codebook = codebookOf(instrument);

  test('is named after its id and version, and carries its kind, subject and scales', () => {
    expect(file).toBe(`${instrument.id}.v${instrument.version}.json`);
    const [kind, subject, items] = structure[instrument.id] ?? [];
    expect(instrument.kind).toBe(kind);
    expect(instrument.subject).toBe(subject);
    expect(Object.fromEntries(instrument.scales.map((scale) => [scale.id, scale.items.length]))).toEqual(items);
  });

  test('every scale item is a variable whose scored codes fill the declared range', () => {
    for (const scale of instrument.scales) {
      for (const item of scale.items) {
        const variable = codebook.variables.find(({ name }) => name === item.name);
        expect(variable, item.name).toBeDefined();
        const codes = variable?.values.filter((value) => value.missing === undefined).map((value) => value.code) ?? [];
        const wanted = Array.from({ length: scale.range.max - scale.range.min + 1 }, (_, i) => scale.range.min + i);
        expect(codes, item.name).toEqual(wanted);
        expect(variable?.scales).toContainEqual({
          scale: scale.id,
          reversed: item.reversed,
        });
      }
    }
  });

  test('exactly the items with negative wording are reversed', () => {
    const items = instrument.scales.flatMap((scale) => scale.items);
    expect(items.filter((item) => item.reversed).map((item) => item.name)).toEqual(reversed[instrument.id]);
  });

  test('a score needs more than half of the items unless levels depend on what took place', () => {
    for (const scale of instrument.scales) {
      const half = scale.items.length / 2;
      if (scale.id === 'review_quality') expect(scale.minimumAnswered).toBe(half);
      else expect(scale.minimumAnswered, scale.id).toBeGreaterThan(half);
    }
  });

  test('names its sources, says that the wording is its own, and who may use it', () => {
    expect(instrument.sources.length).toBeGreaterThan(0);
    for (const source of instrument.sources) {
      expect(source.reference.length, source.reference).toBeGreaterThan(40);
      expect(source.use.length).toBeGreaterThan(20);
    }
    expect(instrument.sources.some((source) => source.use.includes('Own wording, after'))).toBe(true);
    expect(instrument.permission.status).toBe('not-needed');
    expect(instrument.permission.note.length).toBeGreaterThan(80);
    for (const scale of instrument.scales)
      for (const value of scale.referenceValues) {
        expect(value.sample).toContain('published');
        expect(value.source.length).toBeGreaterThan(10);
      }
  });

  test('every page says what it is about and holds at most eight answers', () => {
    for (const page of pagesOf(instrument)) {
      expect(page.title, page.name).toBeTruthy();
      expect(page.description, page.name).toMatch(/[.?]$/);
      const wide = page.elements.some((element) => element.type === 'paneldynamic' || element.type === 'matrixdynamic');
      if (!wide) expect(answersOn(page), page.name).toBeLessThanOrEqual(8);
    }
  });

  test('is in British English', () => {
    const all = [
      instrument.title,
      instrument.description,
      ...instrument.scales.flatMap((scale) => [scale.title, scale.construct]),
      ...textsOf(instrument.survey).map(({ text }) => text),
    ].join('\n');
    const american =
      /\b(behavior|color|center|favor|honor|labor|neighbor|judgment|fulfill|enroll|learned|program|student|principal|math|gray|skillful|toward)(s|ed|ing|al|hood)?\b/i;
    expect(all).not.toMatch(american);
    expect(all).not.toMatch(/\b(?!size|prize|seize)[a-z]+(iz(e|ed|es|ing|ation|ations)|lyz(e|ed|es|ing))\b/i);
    expect(all, 'straight quotation marks').not.toMatch(/["']/);
  });

  if (instrument.kind === 'survey') {
    test('takes a member of staff less than six minutes', () => {
      // 200 words a minute for everything on the screen and three seconds for each answer.
      const answers = pagesOf(instrument).reduce((sum, page) => sum + answersOn(page), 0);
      const columns = pagesOf(instrument).flatMap((page) => page.elements.map((element) => element.columns));
      const words = wordsIn(instrument.survey) - wordsIn(columns);
      expect((words / 200) * 60 + answers * 3).toBeLessThan(360);
    });
  }
});

describe('the library as a whole', () => {
  // Of each instrument the newest version: an older one has most items in common with it.
  const instruments = files
    .map((file) => load(library, file))
    .filter((one, _, all) => all.every(({ id, version }) => id !== one.id || version <= one.version));

  test('no two instruments share an item text, the common background questions apart', () => {
    const seen = new Map<string, string>();
    for (const instrument of instruments) {
      const codebook = codebookOf(instrument);
      const pages = pagesOf(instrument);
      const rows = pages.flatMap((page) => page.elements.flatMap((element) => textsOf(element.rows)));
      const variables = [...codebook.variables, ...codebook.tables.flatMap((table) => table.variables)];
      const own = variables.filter(({ name }) => !background.includes(name)).map(({ label }) => label);
      for (const text of new Set([...own, ...rows.map((row) => row.text)])) {
        expect(seen.get(text), `${text} (${instrument.id})`).toBeUndefined();
        seen.set(text, instrument.id);
      }
    }
  });

  test('the common background questions have the same codes and labels everywhere', () => {
    const surveys = instruments.filter((instrument) => instrument.kind === 'survey');
    const asked = surveys.map((instrument) =>
      codebookOf(instrument)
        .variables.filter(({ name }) => background.includes(name))
        .map(({ name, label, type, values }) => ({
          name,
          label,
          type,
          values,
        })),
    );
    expect(asked[0]).toHaveLength(3);
    for (const other of asked) expect(other).toEqual(asked[0]);
  });

  test('respondents never meet the trade-marked name of learning conversations', () => {
    for (const instrument of instruments) {
      const shown = [instrument.title, ...textsOf(instrument.survey).map(({ text }) => text)].join('\n');
      expect(shown).not.toMatch(/open[- ]to[- ]learning|\bOTL\b/i);
    }
  });

  test('variable names of different instruments differ, so that datasets can be merged', () => {
    const names = instruments.flatMap((instrument) =>
      codebookOf(instrument)
        .variables.map(({ name }) => name)
        .filter((name) => !background.includes(name)),
    );
    expect(names.length).toBe(new Set(names).size);
  });

  test('the question types that the measures want are in use', () => {
    const types = new Set(instruments.flatMap((i) => pagesOf(i).flatMap((page) => page.elements.map((e) => e.type))));
    expect([...types].toSorted()).toEqual(
      [
        ...['boolean', 'checkbox', 'comment', 'dropdown', 'expression', 'matrix', 'matrixdynamic'],
        ...['paneldynamic', 'radiogroup', 'ranking', 'rating', 'slider', 'text'],
      ].toSorted(),
    );
  });
});
