/** What every syntax file says of a scale: its columns, its items with their keying, and how many of them are needed. */
import { type DatasetColumns, freeName } from '../columns.ts';

export interface ScoreRule {
  readonly title: string;
  /** The column of the dataset with the same score. */
  readonly score: string;
  /** Name of the score that the syntax makes anew. */
  readonly rebuilt: string;
  readonly items: readonly { readonly name: string; readonly reversed: boolean }[];
  /** `range.min + range.max`: a reversed item counts as this less its value. */
  readonly turn: number;
  readonly sum: boolean;
  readonly minimumAnswered: number;
}

export function scoreRules({ scores, names }: Pick<DatasetColumns, 'scores' | 'names'>): ScoreRule[] {
  const taken = new Set(names);
  return scores.map(({ scale, score }) => ({
    title: scale.title,
    score,
    rebuilt: freeName(score.replace(/^score_/, 'rebuilt_'), taken),
    items: scale.items,
    turn: scale.range.min + scale.range.max,
    sum: scale.score === 'sum',
    minimumAnswered: Math.max(1, scale.minimumAnswered),
  }));
}

/** The rule in words, for a comment. */
export function ruleInWords({ title, sum, minimumAnswered, items, turn }: ScoreRule): string {
  const reversed = items.some((item) => item.reversed) ? `; reversed items count as ${turn} less the answer` : '';
  const rule = sum ? 'mean of the answered items times their number' : 'mean of the answered items';
  // A title may hold line breaks and stars, which would end a comment.
  return `${title.replaceAll(/[\s*/]+/g, ' ').trim()}: ${rule}, at least ${minimumAnswered} of ${items.length} answered${reversed}`;
}
