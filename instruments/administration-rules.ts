/**
 * The rules of an administration's life: what may be changed when, which changes are amendments, and which step its days
 * ask for. Pure; the server applies them and the workbench shows what they allow.
 */
import type { Administration, AdministrationState } from './study.ts';

/** What can be edited; `instrument` stands for its version, too. */
export const administrationFields = [
  'title',
  'instrument',
  'wave',
  'audience',
  'mode',
  'opens',
  'closes',
  'languages',
  'information',
] as const;
export type AdministrationField = (typeof administrationFields)[number];

/** `free`: just so; `amendment`: with a reason, kept in the log; `fixed`: not any more. */
export type EditRule = 'free' | 'amendment' | 'fixed';

/** How far it has come: `planned` ends when somebody opens it or its first day comes. */
export type Standing = 'planned' | 'running' | 'closed';

export const editRules: Readonly<Record<Standing, Readonly<Record<AdministrationField, EditRule>>>> = {
  planned: {
    title: 'free',
    instrument: 'free',
    wave: 'free',
    audience: 'free',
    mode: 'free',
    opens: 'free',
    closes: 'free',
    languages: 'free',
    information: 'free',
  },
  running: {
    title: 'free',
    instrument: 'fixed',
    wave: 'fixed',
    audience: 'amendment',
    // People were promised one or the other before they answered.
    mode: 'fixed',
    opens: 'amendment',
    closes: 'amendment',
    languages: 'amendment',
    information: 'amendment',
  },
  closed: {
    title: 'free',
    instrument: 'fixed',
    wave: 'fixed',
    audience: 'fixed',
    mode: 'fixed',
    opens: 'fixed',
    // A later last day is what a reopening needs.
    closes: 'amendment',
    languages: 'fixed',
    information: 'fixed',
  },
};

type Lived = Pick<Administration, 'state' | 'opens' | 'closes'>;

/** @param today ISO date in the study's time zone */
export function standingOf({ state, opens }: Pick<Lived, 'state' | 'opens'>, today: string): Standing {
  if (state === 'closed') return 'closed';
  return state === 'planned' && today < opens ? 'planned' : 'running';
}

/**
 * The state that the days ask for, or null when it is there already: a planned one opens on its first day, and whatever
 * is not closed closes after its last. One that was closed by hand stays closed.
 */
export function dueState({ state, opens, closes }: Lived, today: string): AdministrationState | null {
  if (state === 'closed') return null;
  if (today > closes) return 'closed';
  return state === 'planned' && today >= opens ? 'open' : null;
}

/** Whether a step taken by hand departs from the plan, so that it needs a reason and is an amendment. */
export function isAmendment({ state, closes }: Lived, to: AdministrationState, today: string): boolean {
  if (to === 'closed') return today <= closes;
  return state === 'closed';
}

/** A wave has begun on its first day, or when one of its administrations has. */
export function waveHasBegun(
  wave: { readonly id: string; readonly opens: string },
  administrations: readonly Pick<Administration, 'wave' | 'state' | 'opens'>[],
  today: string,
): boolean {
  return (
    today >= wave.opens || administrations.some((one) => one.wave === wave.id && standingOf(one, today) !== 'planned')
  );
}
