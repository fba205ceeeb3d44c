/**
 * The colours of all charts, chosen so that they can be told apart without red and green and carry readable labels.
 * Called by charts.ts. Every fill has at least 4.5:1 (WCAG 2.2, 1.4.3) against its label colour; a test computes it.
 */

/** Text and lines on white: 16:1. */
export const ink = '#17222b';
export const white = '#ffffff';
/** Points of a single series: 7.6:1 on white. */
export const seriesColour = '#0a5a73';
/** Bars of a single series, light enough to carry a dark whisker: 3.1:1 on white. */
export const barColour = '#4f9bb6';
/** Whiskers: 7.8:1 on white, more than 2:1 on a bar. */
export const whiskerColour = '#33424e';
/** The middle of a diverging scale. */
export const neutralColour = '#d5dce2';

/** From far to near the middle: orange for one side, blue for the other; both also differ in lightness step by step. */
const leftSide = ['#8a4200', '#b85c00', '#e08a2b', '#f2b56b', '#fadfbd'];
const rightSide = ['#083d50', '#1a6c88', '#4f9bb6', '#93c6d8', '#cfe6ee'];

/** Which of the five steps a side of 1 to 5 options uses; as far apart as they can be. */
const steps: readonly (readonly number[])[] = [[], [1], [1, 3], [0, 2, 4], [0, 1, 2, 3], [0, 1, 2, 3, 4]];

/** For options without an order, after Okabe and Ito (2008), darkened where a label would not have been readable. */
const categories = ['#0a5a73', '#e69f00', '#2f9e77', '#cc79a7', '#56b4e9', '#b84e00', '#f0e442', '#9aa5ad'];

/** The most options that a stacked bar can show with colours of their own. */
export const mostCategories = categories.length;
/** The most options that a diverging bar can show with colours of their own. */
export const mostDiverging = 2 * leftSide.length + 1;

/**
 * Colours of an ordered scale from its lowest to its highest option; the middle one of an odd number is neutral.
 *
 * @throws RangeError for fewer than two or more than eleven options
 * @example
 * divergingColours(3) // => ['#b85c00', '#d5dce2', '#1a6c88']
 */
export function divergingColours(options: number): string[] {
  const used = steps[Math.floor(options / 2)];
  if (!used || !(options >= 2)) throw new RangeError(`divergingColours requires 2 to ${mostDiverging} options`);
  const side = (colours: readonly string[]) => used.map((step) => colours[step] ?? neutralColour);
  return [...side(leftSide), ...(options % 2 === 1 ? [neutralColour] : []), ...side(rightSide).reverse()];
}

/**
 * Colours of options without an order. Of two, the second is quiet: it is the rest.
 *
 * @throws RangeError for more than eight options
 * @example
 * categoryColours(2) // => ['#0a5a73', '#d5dce2']
 */
export function categoryColours(options: number): string[] {
  if (!(options >= 0 && options <= mostCategories)) {
    throw new RangeError(`categoryColours requires at most ${mostCategories} options`);
  }
  return options === 2 ? [seriesColour, neutralColour] : categories.slice(0, options);
}

/**
 * The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it on relative luminance.
 *
 * @example
 * contrast('#ffffff', '#000000') // => 21
 */
export function contrast(a: string, b: string): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/**
 * The colour of text on a fill: the better readable of ink and white.
 *
 * @example
 * labelColourOn('#083d50') // => '#ffffff'
 */
export function labelColourOn(fill: string): string {
  return contrast(fill, white) >= contrast(fill, ink) ? white : ink;
}

function luminance(colour: string): number {
  const channel = (place: number) => {
    const value = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
