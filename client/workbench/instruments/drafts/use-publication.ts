/**
 * What somebody has written for the publishing of a draft: why there is a version, and what they think of its changes. Kept
 * while other panels are shown. Used by the page of a draft.
 */
import { useState } from 'react';
import type { Decision, InstrumentChange } from '../../../../instruments/versions/change.ts';

export interface Publication {
  readonly why: string;
  say(why: string): void;
  /** What was written about these changes since that version; what was written about others is passed over. */
  opinionsOn(against: number | null, changes: readonly InstrumentChange[]): readonly Decision[];
  tell(against: number | null, opinion: Decision): void;
}

/** The version that the change was told against, and what somebody thinks of it. */
type Opinion = Decision & { readonly against: number | null };

export function usePublication(): Publication {
  const [why, setWhy] = useState('');
  const [opinions, setOpinions] = useState<readonly Opinion[]>([]);
  return {
    why,
    say: setWhy,
    opinionsOn: (against, changes) =>
      opinions
        .filter((one) => one.against === against)
        .filter(({ item, what }) => changes.some((change) => change.item === item && change.what === what))
        .map(({ item, what, grade, note }) => ({ item, what, grade, note })),
    tell: (against, opinion) =>
      setOpinions((was) => [
        ...was.filter((one) => one.against !== against || one.item !== opinion.item || one.what !== opinion.what),
        { ...opinion, against },
      ]),
  };
}

/** Those that count: each with a note. */
export const decisionsOf = (opinions: readonly Decision[]): Decision[] =>
  opinions.map((opinion) => ({ ...opinion, note: opinion.note.trim() })).filter(({ note }) => note !== '');
