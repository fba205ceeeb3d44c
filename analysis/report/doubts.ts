/** What is to be doubted about the interval of a small group's mean: few people, bounds where no score can lie. */
import type { Scale } from '../../instruments/instrument.ts';
import type { Estimate, Note } from '../result.ts';

/** Up to so many people an interval says little. */
const fewPeople = 3;

/** How the doubts read in the notes of a table, after how many groups they concern. */
export const doubtWords = {
  'few-people': 'two or three people, so the interval is wide and says little about the group.',
  'beyond-scale':
    'the interval reaches beyond the ends of the scale, where no mean can lie: read it as “up to the end”.',
} as const;

/** Said in a summary when whiskers leave the chart. */
export function cutOff(rows: readonly Pick<Estimate, 'interval'>[], range: ScoreRange): string {
  return rows.some(({ interval }) => reachesBeyond(interval, range))
    ? '; intervals that reach beyond the scale are cut off at its end'
    : '';
}

export interface ScoreRange {
  readonly min: number;
  readonly max: number;
}

/** Lowest and highest score that a person can have. */
export function scoreRange({ range, score, items }: Scale): ScoreRange {
  const factor = score === 'sum' ? items.length : 1;
  return { min: range.min * factor, max: range.max * factor };
}

function reachesBeyond(interval: Estimate['interval'], { min, max }: ScoreRange): boolean {
  return interval !== null && (interval.lower < min || interval.upper > max);
}

/** The doubts about an estimate as it is printed, as notes; none without an interval. */
export function doubtsOf({ n, interval }: Estimate, range: ScoreRange): Note[] {
  const note = (code: keyof typeof doubtWords): Note => ({ code, text: doubtWords[code] });
  if (interval === null) return [];
  return [
    ...(n <= fewPeople ? [note('few-people')] : []),
    ...(reachesBeyond(interval, range) ? [note('beyond-scale')] : []),
  ];
}
