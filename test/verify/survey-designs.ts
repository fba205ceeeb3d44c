/**
 * Reads how a sample was drawn from the description of a case (`apistrat by stype, fpc`), and the columns that R makes of
 * the terms of a formula. Used by 14-survey-props.ts.
 */
import type { Values } from '../../analysis/descriptives.ts';
import { type Label, postStratify, type SurveyDesign, surveyDesign } from '../../analysis/survey/design.ts';
import { byLabel, isObject } from './cases.ts';
import type { DataFrame, DataSource, JsonObject } from './types.ts';

interface Sample {
  readonly frame: DataFrame;
  readonly design: SurveyDesign;
}

/** The designs of the script whose descriptions may be left out. */
const scriptDesigns: Readonly<Record<string, string>> = {
  apistrat: 'apistrat by stype, fpc',
  apiclus1: 'apiclus1, PSU dnum, fpc',
};

const name = '[A-Za-z][\\w.]*';
const twoStages = new RegExp(`(${name}) then (${name}), (?:(no) fpc|(${name}) (${name}))`);
const strataPart = new RegExp(`\\bby (${name})`);
const unitPart = new RegExp(`\\bPSU (${name})`);
const populationPart = /\bfpc(?: (\d+))?/;
const weightsPart = new RegExp(`\\bweights (${name})`);
const postPart = new RegExp(`,? post-stratified to (${name}) ([\\d./]+)`);

const dataSetOf = (description: string) => /^[\w.]+/.exec(description)?.[0] ?? '';
const states = (description: string) =>
  [twoStages, strataPart, unitPart, populationPart, /\bSRS\b/].some((part) => part.test(description));

export const labelsOf = (frame: DataFrame, column: string) => frame.column(column).map((value): Label => value ?? '');
export const numbersOf = (frame: DataFrame, column: string) => frame.numeric(column).map((value) => value ?? 0);

/**
 * The description without post-stratification. One that says nothing of the design stands for the script's of that data
 * set, or for the only one that other cases of the data set state.
 */
function drawnAs(description: string, cases: JsonObject): string {
  const plain = description.replace(postPart, '');
  if (states(plain)) return plain;
  const dataSet = dataSetOf(description);
  const known = scriptDesigns[dataSet];
  if (known !== undefined) return known;
  const stated = Object.values(cases)
    .flatMap((options) => (isObject(options) && typeof options.design === 'string' ? [options.design] : []))
    .map((text) => text.replace(postPart, ''))
    .filter((text) => dataSetOf(text) === dataSet && states(text));
  const [only] = stated;
  if (only === undefined) throw new RangeError(`the description of ${dataSet} states neither units, strata nor fpc`);
  if (new Set(stated).size > 1) throw new RangeError(`the case states no design, and others of ${dataSet} several`);
  return only;
}

/** The design that a description names, with its data. `cases` are those beside it. Throws when it leaves out too much. */
export function sampleOf(description: string, cases: JsonObject, data: DataSource): Sample {
  const frame = data(dataSetOf(description));
  const drawn = drawnSample(drawnAs(description, cases), frame);
  const post = postPart.exec(description);
  if (!post) {
    if (/post-?strat|rake|calibrat/i.test(description)) throw new RangeError('the post-stratification is not readable');
    return { frame, design: drawn };
  }
  const column = labelsOf(frame, post[1] ?? '');
  const known = [...new Set(column)].sort(byLabel);
  const sizes = (post[2] ?? '').split('/').map(Number);
  if (sizes.length !== known.length)
    throw new RangeError('the description states other post-strata than the data hold');
  const population = new Map(known.map((label, i) => [label, sizes[i] ?? Number.NaN]));
  return { frame, design: postStratify(drawn, column, population) };
}

function drawnSample(description: string, frame: DataFrame): SurveyDesign {
  const weights = () => ({ weights: numbersOf(frame, weightsPart.exec(description)?.[1] ?? 'pw') });
  const stages = twoStages.exec(description);
  if (stages) {
    const [, unit1 = '', unit2 = '', none, fpc1 = '', fpc2 = ''] = stages;
    const stage = (unit: string, fpc: string) => ({
      units: labelsOf(frame, unit),
      ...(none ? {} : { population: numbersOf(frame, fpc) }),
    });
    return surveyDesign({ stages: [stage(unit1, fpc1), stage(unit2, fpc2)], ...(none ? weights() : {}) });
  }
  const [strata, unit] = [strataPart.exec(description)?.[1], unitPart.exec(description)?.[1]];
  const simple = /\bSRS\b/.test(description);
  const dataSet = dataSetOf(description);
  if (strata === undefined && unit === undefined && !simple && dataSet in scriptDesigns) {
    throw new RangeError(`the description states neither strata nor units, and the script's ${dataSet} has them`);
  }
  const finite = populationPart.exec(description);
  if (!finite) throw new RangeError('the description states neither fpc nor no fpc');
  // The script's number of the population is that of the column, too.
  const population = () =>
    frame.names.includes('fpc') || finite[1] === undefined
      ? numbersOf(frame, 'fpc')
      : new Array<number>(frame.rows).fill(Number(finite[1]));
  const rows = Array.from({ length: frame.rows }, (_, row) => row);
  return surveyDesign({
    stages: [
      {
        units: unit === undefined ? rows : labelsOf(frame, unit),
        ...(/no fpc/.test(description) ? {} : { population: population() }),
      },
    ],
    ...(strata === undefined ? {} : { strata: labelsOf(frame, strata) }),
    ...(simple ? {} : weights()),
  });
}

/**
 * The column of a term as R names it: a column of numbers, the indicator of a label (`stypeH`, `passTRUE`), or the product
 * of such (`ell:stypeH`).
 */
export function termColumn(frame: DataFrame, term: string): Values {
  const [first = [], ...others] = term.split(':').map((part) => simpleColumn(frame, part));
  return others.reduce<Values>(
    (product, column) => product.map((value, row) => multiplied(value, column[row] ?? null)),
    first,
  );
}

const multiplied = (a: number | null, b: number | null) => (a === null || b === null ? null : a * b);

function simpleColumn(frame: DataFrame, term: string): Values {
  if (frame.names.includes(term)) return frame.numeric(term);
  const factor = /^factor\((.+)\)(.*)$/.exec(term);
  const found = factor
    ? [factor[1] ?? '']
    : frame.names.filter((each) => term.startsWith(each)).sort((a, b) => b.length - a.length);
  for (const each of found) {
    const column = frame.column(each);
    const label = factor ? (factor[2] ?? '') : term.slice(each.length);
    if (!column.some((cell) => cell !== null && String(cell) === label)) continue;
    if (!factor && column.some((cell) => typeof cell === 'number')) continue;
    return column.map((cell) => (cell === null ? null : String(cell) === label ? 1 : 0));
  }
  throw new RangeError(`the data have no column or label ${term}`);
}
