/**
 * Reads and changes single parts of a draft, which may be wrong in any way: what is not what it should be is passed over, and
 * everything else stays as it is. Used by the panels beside the form.
 */
import type { Scale } from '../../../../instruments/instrument.ts';
import { isObject, type JsonObject } from '../../../../instruments/json.ts';
import type { Keying } from '../../../../instruments/surveyjs.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';
import type { Change } from './use-editing.ts';

export interface DraftItem {
  /** Name of its variable. */
  readonly name: string;
  readonly title: string;
  /** Smallest and largest code that counts; null where the form does not say. */
  readonly range: { readonly min: number; readonly max: number } | null;
}

const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const surveyOf = (content: DraftContent): JsonObject => (isObject(content.survey) ? content.survey : {});

export const languagesOf = (content: DraftContent): string[] =>
  Array.isArray(content.languages) ? content.languages.filter((one) => typeof one === 'string') : [];

/** A text of the form in the first language that it has. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? textOf(Object.values(value).find((text) => typeof text === 'string' && text !== '')) : '';
}

function rangeOf(codes: unknown): DraftItem['range'] {
  const counted = Array.isArray(codes)
    ? codes.flatMap((code) => {
        if (typeof code === 'number') return [code];
        return isObject(code) && typeof code.value === 'number' && code.missingReason === undefined ? [code.value] : [];
      })
    : [];
  return counted.length === 0 ? null : { min: Math.min(...counted), max: Math.max(...counted) };
}

/** The items of the form that can stand in a scale, in its order. */
export function itemsOf(content: DraftContent): DraftItem[] {
  const within = (elements: unknown): DraftItem[] =>
    listOf(elements).flatMap((element) => {
      const name = textOf(element.name);
      const title = wordsOf(element.title) || name;
      switch (element.type) {
        case 'panel':
          return within(element.elements);
        case 'matrix': {
          const range = rangeOf(element.columns);
          return (Array.isArray(element.rows) ? element.rows : []).map((row: unknown) =>
            isObject(row)
              ? { name: textOf(row.value), title: wordsOf(row.text) || textOf(row.value), range }
              : { name: String(row), title: String(row), range },
          );
        }
        case 'radiogroup':
        case 'dropdown':
          return [{ name, title, range: rangeOf(element.choices) }];
        case 'rating': {
          const [min, max] = [Number(element.rateMin ?? 1), Number(element.rateMax ?? element.rateCount ?? 5)];
          return [{ name, title, range: rangeOf(element.rateValues) ?? { min, max } }];
        }
        case 'slider':
        case 'boolean':
          return [{ name, title, range: null }];
        case 'text':
          return element.inputType === 'number' ? [{ name, title, range: null }] : [];
        default:
          return [];
      }
    });
  const items = listOf(surveyOf(content).pages).flatMap((page) => within(page.elements));
  return items.filter(({ name }) => name !== '');
}

/** The scales of a draft; what one lacks is filled in as it would begin. */
export function scalesOf(content: DraftContent): Scale[] {
  return listOf(content.scales).map((scale) => ({
    id: textOf(scale.id),
    title: textOf(scale.title),
    construct: textOf(scale.construct),
    items: listOf(scale.items).map((item) => ({ name: textOf(item.name), reversed: item.reversed === true })),
    range: isObject(scale.range) ? { min: Number(scale.range.min), max: Number(scale.range.max) } : { min: 1, max: 5 },
    score: scale.score === 'sum' ? 'sum' : 'mean',
    minimumAnswered: typeof scale.minimumAnswered === 'number' ? scale.minimumAnswered : 1,
    aggregation: scale.aggregation === 'item-first' ? 'item-first' : 'person-first',
    referenceValues: Array.isArray(scale.referenceValues) ? scale.referenceValues : [],
  }));
}

export const withScales = (content: DraftContent, scales: readonly Scale[]): DraftContent => ({ ...content, scales });

/** The item in that scale and no other; in none for ''. It stays reversed if it was. */
export function moveItem(content: DraftContent, item: string, scale: string): DraftContent {
  const scales = scalesOf(content);
  const was = scales.flatMap(({ items }) => items).find(({ name }) => name === item);
  return withScales(
    content,
    scales.map((one) => {
      const others = one.items.filter(({ name }) => name !== item);
      const stays = one.id === scale && one.items.length !== others.length;
      if (stays) return one;
      return { ...one, items: one.id === scale ? [...others, was ?? { name: item, reversed: false }] : others };
    }),
  );
}

export function reverseItem(content: DraftContent, item: string, reversed: boolean): DraftContent {
  return withScales(
    content,
    scalesOf(content).map((scale) => ({
      ...scale,
      items: scale.items.map((one) => (one.name === item ? { ...one, reversed } : one)),
    })),
  );
}

/** An item that is called otherwise in the form is so in its scales. */
export function renameItem(content: DraftContent, from: string, to: string): DraftContent {
  const scales = scalesOf(content);
  if (!scales.some(({ items }) => items.some(({ name }) => name === from))) return content;
  return withScales(
    content,
    scales.map((scale) => ({
      ...scale,
      items: scale.items.map((one) => (one.name === from ? { ...one, name: to } : one)),
    })),
  );
}

/** How the property grid of the form sees the scales of a draft. */
export function keyingOf(content: DraftContent, change: Change): Keying {
  const scales = scalesOf(content);
  const find = (item: string) => scales.find(({ items }) => items.some(({ name }) => name === item));
  return {
    scales: () => scales.map(({ id, title }) => ({ value: id, text: title || id })),
    scaleOf: (item) => find(item)?.id ?? '',
    isReversed: (item) => find(item)?.items.some(({ name, reversed }) => name === item && reversed) ?? false,
    setScale: (item, scale) => change((was) => moveItem(was, item, scale)),
    setReversed: (item, reversed) => change((was) => reverseItem(was, item, reversed)),
  };
}
