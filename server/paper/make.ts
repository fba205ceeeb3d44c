/**
 * Begins a paper form: of a person who has a link, or (always where answers are anonymous) of a serial number at a school. And
 * discards one that was begun by mistake. Called by the routes.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Administration, Role } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { currentAdministration } from '../administrations/current.ts';
import { updateAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { listInvitations } from '../invitations/lists.ts';
import { makeSharedLinks } from '../invitations/shared.ts';
import { findInvitation, type Invitation } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { findResponseOfInvitation } from '../responses/store.ts';
import { type PaperEntry, type PaperForm, usualPaperEntry } from './form.ts';
import { discardPaper, getPaper, insertPaper } from './store.ts';

export type NewPaper =
  | {
      readonly kind: 'person';
      readonly invitation: string;
      /** Which form of this person, where one is filled in after each event. */
      readonly serial?: string | undefined;
      readonly day: string;
    }
  | {
      readonly kind: 'serial';
      readonly serial: string;
      readonly school: string;
      readonly role: Role;
      readonly day: string;
    };

/** How often each form of the administration is typed. */
export const entryOf = ({ paperEntry }: Pick<Administration, 'paperEntry'>): PaperEntry =>
  paperEntry ?? usualPaperEntry;

/**
 * The form, new or as it was begun before. Throws `invalid-request` for a day on which the administration took no answers,
 * `paper-not-taken` where nothing would be taken from this person, and `already-exists` for a serial number of another place.
 */
export async function makePaper(
  context: Context,
  by: string,
  place: { readonly study: string; readonly administration: string },
  wanted: NewPaper,
): Promise<{ form: PaperForm; created: boolean }> {
  const { study, administration } = await currentAdministration(context, place.study, place.administration);
  const last = lastPaperDay(administration, study.timeZone, context.clock());
  if (wanted.day < administration.opens || wanted.day > last) {
    throw new Problem('invalid-request', {
      issues: [
        {
          code: 'day-outside',
          path: 'body.day',
          message: `The form must be filled in from ${administration.opens} to ${last}.`,
        },
      ],
    });
  }
  const anonymous = administration.mode === 'anonymous';
  if (anonymous && wanted.kind === 'person') {
    throw new Problem('invalid-request', {
      issues: [
        {
          code: 'anonymous',
          path: 'body.invitation',
          message: 'The administration is anonymous: give the serial number, the school and the role instead.',
        },
      ],
    });
  }
  if (administration.repeats && wanted.serial === undefined) {
    throw new Problem('invalid-request', {
      issues: [
        {
          code: 'serial-needed',
          path: 'body.serial',
          message: 'A form is filled in after each event: give the number of this one.',
        },
      ],
    });
  }
  const invitation =
    wanted.kind === 'person'
      ? await personalLink(context, administration, wanted.invitation)
      : await sharedLinkAt(context, administration, wanted);
  const form: PaperForm = {
    _id: idOf(administration, wanted),
    study: study.id,
    administration: administration.id,
    serial: wanted.kind === 'serial' || administration.repeats ? (wanted.serial ?? null) : null,
    person: invitation.person,
    invitation: invitation._id,
    school: invitation.school,
    cluster: invitation.cluster,
    role: invitation.role,
    entry: entryOf(administration),
    state: 'first-entry',
    // Of anonymous answers no day is kept: that it was one of the administration's is known.
    day: anonymous ? null : wanted.day,
    key: randomUUID(),
    revision: 0,
    madeBy: by,
    madeAt: context.clock(),
    first: null,
    second: null,
    compared: null,
    differ: null,
    decisions: [],
    response: null,
    sentAt: null,
  };
  if (await insertPaper(context.db, form)) return { form, created: true };
  const standing = await getPaper(context.db, place, form._id);
  if (standing.invitation !== form.invitation) {
    throw new Problem('already-exists', { detail: 'A form with this serial number is there, of another place.' });
  }
  return { form: standing, created: false };
}

/** One form for each: two clerks who begin the same one come to the same document. */
function idOf({ study, id, repeats }: Administration, wanted: NewPaper): string {
  const which = repeats ? [wanted.serial ?? ''] : [];
  const own = wanted.kind === 'person' ? ['link', wanted.invitation, ...which] : ['serial', wanted.serial];
  return createHash('sha256')
    .update(JSON.stringify([study, id, ...own]))
    .digest('base64url')
    .slice(0, 22);
}

async function personalLink(context: Context, administration: Administration, id: string): Promise<Invitation> {
  const invitation = await findInvitation(context.db, administration.study, administration.id, id);
  if (!invitation?.person) throw new Problem('not-found', { detail: 'There is no such link of a person.' });
  if (invitation.state !== 'open' || invitation.standing === 'ineligible') {
    throw new Problem('paper-not-taken', { detail: notAsked(invitation) });
  }
  if (administration.repeats) return invitation;
  const response = await findResponseOfInvitation(context.db, invitation);
  if (response?.completion === 'complete') throw new Problem('paper-not-taken', { detail: answeredAlready });
  return invitation;
}

export const answeredAlready = 'Answers of this person are here already. They are kept as they are.';

export function notAsked({ state, standing }: Pick<Invitation, 'state' | 'standing'>): string {
  if (state === 'withdrawn') return 'This person has withdrawn from the survey. Destroy the paper form.';
  if (state === 'revoked') return 'The link of this person was withdrawn. Make a new one under Links first.';
  if (standing === 'ineligible') return 'This person is marked as ineligible. Take the mark away under Links first.';
  return 'The link of this person does not take answers.';
}

/** The link that stands for the people of a role at a school, made where it is missing. */
async function sharedLinkAt(
  context: Context,
  administration: Administration,
  { school, role }: { readonly school: string; readonly role: Role },
): Promise<Invitation> {
  const { study, id } = administration;
  await makeSharedLinks(context, administration, { school, role }, 'all');
  const { invitations } = await listInvitations(context.db, study, id, { school, role, shared: true });
  const [invitation] = invitations;
  if (!invitation) {
    throw new Problem('invalid-request', {
      issues: [
        {
          code: 'not-asked',
          path: 'body.school',
          message: 'The administration does not ask anybody of this role at this school.',
        },
      ],
    });
  }
  if (invitation.state !== 'open') {
    throw new Problem('paper-not-taken', {
      detail: 'The staffroom link of this school and role was withdrawn. Make a new one under Links first.',
    });
  }
  return invitation;
}

/** Discards a form: whoever began it alone, or somebody who may decide on it. Throws `not-permitted`, `state-not-allowed`. */
export async function throwAway(
  context: Context,
  by: { readonly id: string; readonly decides: boolean },
  place: { readonly study: string; readonly administration: string },
  id: string,
): Promise<void> {
  const form = await getPaper(context.db, place, id);
  if (form.state === 'sent') {
    throw new Problem('state-not-allowed', {
      detail: 'The answers of this form are taken. To remove them, withdraw them under Rights and retention.',
    });
  }
  const own = form.state === 'first-entry' && (form.first === null ? form.madeBy === by.id : form.first.by === by.id);
  if (!own && !by.decides) {
    throw new Problem('not-permitted', { detail: 'Somebody else has typed this form: ask the evaluation team.' });
  }
  await discardPaper(context.db, form);
}

/** Sets how often forms that are begun from now on are typed. Throws `conflict`. */
export async function planEntry(
  context: Context,
  place: { readonly study: string; readonly administration: string },
  paperEntry: PaperEntry,
): Promise<void> {
  const { administration } = await currentAdministration(context, place.study, place.administration);
  if (entryOf(administration) === paperEntry) return;
  if (!(await updateAdministration(context.db, administration, { paperEntry }))) throw new Problem('conflict');
}

/** The last day that a form may bear: today, or the last day of the administration. */
export function lastPaperDay({ closes }: Pick<Administration, 'closes'>, timeZone: string, now: Date): string {
  const today = dayIn(timeZone, now);
  return today < closes ? today : closes;
}
