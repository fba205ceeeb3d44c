/**
 * Random instruments and random answers for the property tests of this folder: every supported question type, panels and
 * pages with conditions, calculated items, tables. Built from a seeded stream of fast-check, so a failure can be repeated.
 */
import fc from 'fast-check';

/** A question of a random survey, with what the generator of answers and conditions needs to know of it. */
export interface Piece {
  readonly json: Record<string, unknown>;
  readonly name: string;
  /** A value such as a respondent's page would set: mostly legal. */
  readonly value: fc.Arbitrary<unknown>;
  /** Conditions on this question, as expressions. */
  readonly tests: readonly string[];
}

export interface RandomSurvey {
  readonly survey: Record<string, unknown>;
  readonly pieces: readonly Piece[];
}

const codes = [1, 2, 3, 4];
const some = <T>(list: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...list], { minLength: 1 });
const oneOf = (...values: readonly unknown[]): fc.Arbitrary<unknown> => fc.constantFrom(...values);
const choices = [1, 2, { value: 3, text: 'Three' }, { value: 4, text: 'Four', missingReason: 'declined' }];
const shortText = fc.constantFrom('a', 'b', 'long enough', '12', 'it is "x"', '  ', 'ä{}<b>');

/** Makes a question of each type under a name. `inside`: it stands in a table, where only some types may. */
const makers: Readonly<Record<string, (name: string) => fc.Arbitrary<Piece>>> = {
  radiogroup: (name) =>
    fc.constant({
      json: { type: 'radiogroup', name, choices },
      name,
      value: oneOf(...codes),
      tests: [`{${name}} = 2`, `{${name}} <> 1`, `{${name}} anyof [1, 4]`, `{${name}} notempty`],
    }),
  dropdown: (name) =>
    fc.constant({
      json: { type: 'dropdown', name, choicesMin: 0, choicesMax: 5 },
      name,
      value: oneOf(0, 1, 2, 5),
      tests: [`{${name}} >= 2`, `{${name}} = 0`, `{${name}} empty`],
    }),
  rating: (name) =>
    fc.record({ rateMax: fc.integer({ min: 3, max: 9 }), isRequired: fc.boolean() }).map((more) => ({
      json: { type: 'rating', name, ...more },
      name,
      value: fc.integer({ min: 1, max: more.rateMax }),
      tests: [`{${name}} > 2`, `{${name}} * 2 - 1 > 4`, `!({${name}} > 1)`],
    })),
  boolean: (name) =>
    fc.boolean().map((numeric) => ({
      json: numeric ? { type: 'boolean', name, valueTrue: 1, valueFalse: 2 } : { type: 'boolean', name },
      name,
      value: numeric ? oneOf(1, 2) : fc.boolean(),
      tests: numeric ? [`{${name}} = 1`, `{${name}} <> 2`] : [`{${name}} = true`, `{${name}} = false`, `{${name}}`],
    })),
  checkbox: (name) =>
    fc
      .record({ minSelectedChoices: oneOf(0, 2), maxSelectedChoices: oneOf(0, 3), isRequired: fc.boolean() })
      .map((more) => ({
        json: { type: 'checkbox', name, choices: [1, 2, 3, { value: 9, text: 'None', isExclusive: true }], ...more },
        name,
        value: fc.oneof(some([1, 2, 3]), fc.constant([9]), fc.constant([])),
        tests: [`{${name}} contains 2`, `{${name}} notempty`, `{${name}.length} > 1`, `{${name}} allof [1, 2]`],
      })),
  ranking: (name) =>
    fc.boolean().map((selectToRankEnabled) => ({
      json: { type: 'ranking', name, choices: [1, 2, 3], selectToRankEnabled },
      name,
      value: selectToRankEnabled
        ? fc.shuffledSubarray([1, 2, 3], { minLength: 1 })
        : fc.shuffledSubarray([1, 2, 3], { minLength: 3 }),
      tests: [`{${name}} notempty`],
    })),
  slider: (name) =>
    fc.constant({
      json: { type: 'slider', name, min: -5, max: 10 },
      name,
      value: fc.integer({ min: -5, max: 10 }),
      tests: [`{${name}} < 3`],
    }),
  number: (name) =>
    fc.record({ isRequired: fc.boolean(), step: oneOf(1, 0.5) }).map((more) => ({
      json: { type: 'text', name, inputType: 'number', min: 0, max: 20, ...more },
      name,
      value: oneOf(0, 1, 2.5, 7, 20, 21, -1, 0.3),
      tests: [`{${name}} > 5`, `{${name}} + 1 <= 3`, `round({${name}}) = 3`],
    })),
  text: (name) =>
    fc.record({ isRequired: fc.boolean() }).map((more) => ({
      json: { type: 'text', name, maxLength: 40, ...more },
      name,
      value: shortText,
      tests: [`{${name}} notempty`, `{${name}} = 'a'`, `{${name}} contains 'ong'`],
    })),
  date: (name) =>
    fc.constant({
      json: { type: 'text', name, inputType: 'date', min: '2024-01-01', max: '2026-12-31' },
      name,
      value: oneOf('2024-02-29', '2025-06-01', '2026-12-31', '2023-12-31'),
      tests: [`{${name}} notempty`, `getYear({${name}}) = 2025`, `dateDiff({${name}}, '2025-01-01', 'days') > 0`],
    }),
  tagbox: (name) =>
    fc.constant({
      json: { type: 'tagbox', name, choices: [1, 2, { value: 3, missingReason: 'not-applicable', isExclusive: true }] },
      name,
      value: fc.oneof(some([1, 2]), fc.constant([3])),
      tests: [`{${name}} contains 1`, `{${name}} anyof [2, 3]`],
    }),
  interval: (name) =>
    fc.constant({
      json: { type: 'slider', name, sliderType: 'range', min: 0, max: 50, step: 5 },
      name,
      value: oneOf([0, 5], [10, 50], [20, 20]),
      tests: [`{${name}[0]} > 5`, `{${name}[1]} = 50`],
    }),
  checked: (name) =>
    fc.record({ isRequired: fc.boolean() }).map((more) => ({
      json: {
        type: 'text',
        name,
        validators: [
          { type: 'text', minLength: 2 },
          { type: 'regex', regex: '^[a-z ]{1,20}$' },
          { type: 'expression', expression: `{${name}} <> 'bb'` },
        ],
        ...more,
      },
      name,
      value: oneOf('a', 'ab', 'bb', 'AB', 'a b c'),
      tests: [`{${name}} = 'ab'`],
    })),
  bounded: (name) =>
    fc.constant({
      json: { type: 'text', name, inputType: 'number', validators: [{ type: 'numeric', minValue: 1, maxValue: 9 }] },
      name,
      value: oneOf(0, 1, 5.5, 9, 10),
      tests: [`{${name}} >= 5`],
    }),
  email: (name) =>
    fc.constant({
      json: { type: 'text', name, inputType: 'email' },
      name,
      value: oneOf('a@b.org', 'nobody', 'x.y@z.co.uk', 'a@b'),
      tests: [`{${name}} empty`],
    }),
  comment: (name) =>
    fc.constant({ json: { type: 'comment', name }, name, value: shortText, tests: [`{${name}} notempty`] }),
  multipletext: (name) =>
    fc.boolean().map((isRequired) => ({
      json: {
        type: 'multipletext',
        name,
        items: [
          { name: `${name}_a`, isRequired },
          { name: `${name}_b`, inputType: 'number' },
        ],
      },
      name,
      value: fc.record(
        { [`${name}_a`]: shortText, [`${name}_b`]: oneOf(1, 2) },
        { requiredKeys: [], noNullPrototype: true },
      ),
      tests: [`{${name}.${name}_a} notempty`, `{${name}.${name}_b} > 1`],
    })),
  matrix: (name) =>
    fc.record({ isRequired: fc.boolean(), eachRowRequired: fc.boolean(), eachRowUnique: fc.boolean() }).map((more) => ({
      json: {
        type: 'matrix',
        name,
        columns: [1, 2, 3],
        rows: [`${name}_r`, `${name}_s`, { value: `${name}_t`, text: 'T' }],
        ...more,
      },
      name,
      value: fc.record(
        { [`${name}_r`]: oneOf(1, 2, 3), [`${name}_s`]: oneOf(1, 2, 3), [`${name}_t`]: oneOf(1, 2, 3) },
        { requiredKeys: [], noNullPrototype: true },
      ),
      tests: [`{${name}.${name}_r} = 1`, `{${name}.${name}_t} >= 2`, `{${name}} notempty`],
    })),
  matrixdropdown: (name) =>
    fc.boolean().map((isRequired) => ({
      json: {
        type: 'matrixdropdown',
        name,
        rows: ['ra', 'rb'].map((row) => `${name}${row}`),
        columns: [
          { name: 'x', cellType: 'dropdown', choices: [1, 2, 3], isRequired },
          { name: 'y', cellType: 'text', inputType: 'number', visibleIf: '{row.x} > 1' },
          { name: 'z', cellType: 'expression', expression: '{row.x} * 2 + {row.y}' },
        ],
      },
      name,
      value: fc.constant(undefined),
      tests: [`{${name}.${name}ra.x} = 2`, `{${name}.${name}rb.y} > 1`],
    })),
  matrixdynamic: (name) =>
    fc.boolean().map((isRequired) => ({
      json: {
        type: 'matrixdynamic',
        name,
        rowCount: 0,
        maxRowCount: 4,
        keyName: 'x',
        columns: [
          { name: 'x', cellType: 'text', inputType: 'number', isRequired },
          { name: 'y', cellType: 'boolean', requiredIf: '{row.x} > 2' },
          { name: 'z', cellType: 'checkbox', choices: [1, 2], visibleIf: '{row.x} notempty' },
        ],
      },
      name,
      value: fc.constant(undefined),
      tests: [`{${name}.length} > 1`, `sumInArray({${name}}, 'x') > 3`, `{${name}[0].x} = 1`],
    })),
  paneldynamic: (name) =>
    fc.boolean().map((isRequired) => ({
      json: {
        type: 'paneldynamic',
        name,
        maxPanelCount: 3,
        templateElements: [
          { type: 'radiogroup', name: 'kind', choices: [1, 2, 3], isRequired },
          {
            type: 'panel',
            elements: [{ type: 'text', name: 'days', inputType: 'number', min: 0 }],
            visibleIf: '{panel.kind} = 2',
          },
          { type: 'comment', name: 'why', visibleIf: '{panel.days} > 3' },
          { type: 'expression', name: 'twice', expression: '{panel.days} * 2' },
        ],
      },
      name,
      value: fc.constant(undefined),
      tests: [`{${name}.length} > 0`, `maxInArray({${name}}, 'days') > 3`, `countInArray({${name}}, 'kind') = 1`],
    })),
};

/** SurveyJS stops computing in what is disabled, so these cannot be. */
const hasComputed: ReadonlySet<string> = new Set(['matrixdropdown', 'paneldynamic']);

/** Calculated questions read numbers only. */
const numericTypes: ReadonlySet<string> = new Set(['rating', 'dropdown', 'slider', 'number']);

/** A random survey of one to four pages, with conditions that read earlier questions. */
export const randomSurvey: fc.Arbitrary<RandomSurvey> = fc
  .array(fc.constantFrom(...Object.keys(makers), 'expression'), { minLength: 2, maxLength: 9 })
  .chain((types) =>
    fc.record({
      types: fc.constant(types),
      pieces: fc.tuple(...types.map((type, index) => (makers[type] ?? calculated)(`q${index}`))),
      // One draw for each decision, whatever the decisions are: shrinking keeps the shape.
      draws: fc.array(fc.nat(), { minLength: types.length * 6, maxLength: types.length * 6 }),
    }),
  )
  .map(({ types, pieces, draws }) => assemble(types, pieces, draws));

function calculated(name: string): fc.Arbitrary<Piece> {
  return fc.constant({
    json: { type: 'expression', name, expression: '1 + 1' },
    name,
    value: fc.constant(undefined),
    tests: [`{${name}} > 3`, `{${name}} empty`],
  });
}

function assemble(types: readonly string[], pieces: readonly Piece[], draws: readonly number[]): RandomSurvey {
  let next = 0;
  const draw = (below: number): number => (draws[next++ % draws.length] ?? 0) % below;
  const condition = (before: readonly Piece[]): string | undefined => {
    const tests = before.flatMap((piece) => piece.tests);
    if (tests.length === 0 || draw(2) === 0) return undefined;
    const one = tests[draw(tests.length)] ?? '';
    const joins = ['', ' and ', ' or '];
    const join = joins[draw(3)] ?? '';
    return join === '' ? one : `${one}${join}${tests[draw(tests.length)] ?? ''}`;
  };
  const pages: { name: string; elements: unknown[]; visibleIf?: string }[] = [];
  const done: Piece[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (pages.length === 0 || draw(3) === 0) {
      const visibleIf = condition(done);
      pages.push({ name: `page${pages.length}`, elements: [], ...(visibleIf && { visibleIf }) });
    }
    const visibleIf = condition(done);
    const requiredIf = draw(4) === 0 ? condition(done) : undefined;
    const json: Record<string, unknown> = {
      ...piece.json,
      ...(visibleIf && { visibleIf }),
      ...(requiredIf && { requiredIf }),
    };
    if (json.type === 'expression') {
      delete json.requiredIf;
      const numbers = done.filter((one) => numericTypes.has(types[pieces.indexOf(one)] ?? ''));
      const [a, b] = [numbers[draw(numbers.length || 1)], numbers[draw(numbers.length || 1)]];
      if (a && b)
        json.expression = [
          `{${a.name}} + {${b.name}} * 2`,
          `avg({${a.name}}, {${b.name}})`,
          `iif({${a.name}} > 2, {${b.name}}, 0)`,
        ][draw(3)];
    }
    conditionalMembers(json, done, draw, condition);
    if (json.type !== 'expression' && !hasComputed.has(types[index] ?? '') && draw(6) === 0) {
      const enableIf = condition(done);
      if (enableIf) json.enableIf = enableIf;
    }
    const page = pages.at(-1);
    const inPanel = draw(4) === 0;
    const panelIf = inPanel ? condition(done) : undefined;
    page?.elements.push(
      inPanel
        ? { type: 'panel', name: `panel${index}`, elements: [json], ...(panelIf && { visibleIf: panelIf }) }
        : json,
    );
    done.push({ ...piece, json });
  }
  const numbers = done.filter((piece) => numericTypes.has(types[done.indexOf(piece)] ?? ''));
  const names = numbers.map((piece) => `{${piece.name}}`);
  const calculatedValues = [
    { name: 'total', expression: names.length > 0 ? `sum(${names.join(', ')})` : '0', includeIntoResult: true },
  ];
  return { survey: { pages, calculatedValues }, pieces: done };
}

/** Gives a choice, a row, or all of them a condition, now and then. */
function conditionalMembers(
  json: Record<string, unknown>,
  done: readonly Piece[],
  draw: (below: number) => number,
  condition: (before: readonly Piece[]) => string | undefined,
): void {
  const visibleIf = condition(done);
  if (!visibleIf || draw(3) > 0) return;
  if (json.type === 'matrix' && draw(2) === 0 && Array.isArray(json.rows)) {
    json.rows = json.rows.map((row: unknown, index) => (index === 0 ? { value: row, visibleIf } : row));
  } else if (json.type === 'matrix') json.rowsVisibleIf = `${visibleIf} or {item} <> '${String(json.name)}_s'`;
  else if (json.type === 'radiogroup' && Array.isArray(json.choices) && draw(2) === 0) {
    json.choices = json.choices.map((choice: unknown) => (choice === 1 ? { value: 1, visibleIf } : choice));
  } else if (json.type === 'radiogroup' || json.type === 'checkbox')
    json.choicesVisibleIf = `${visibleIf} or {item} > 1`;
}
