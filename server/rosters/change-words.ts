/** Why a dated change is refused, in words. Used by the import and by the changes on screen. */
import type { ChangeRefusal } from '../../instruments/membership.ts';

export const refusalWords: Readonly<Record<ChangeRefusal, string>> = {
  'not-after-last-change': 'A later change is known already. Take that back first, or give a later day.',
  'not-there': 'Is not in the study on that day. Let the member return first.',
  'still-there': 'Has not left. A return needs a last day before it.',
  'nothing-changes': 'This is how it stands already.',
};
