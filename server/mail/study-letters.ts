/**
 * Writes invitations, reminders and test messages of an administration. Everything that decides whether somebody is to be
 * written to is read here, at the moment of sending: what has become of the link, opt-outs, bounces, the administration's
 * days. Called through `kinds.ts`.
 */
import { bestOf, defaultLanguage } from '../../instruments/languages.ts';
import type { Administration, Role, Study } from '../../instruments/study.ts';
import { findAccount } from '../accounts/store.ts';
import { availabilityOf } from '../administrations/availability.ts';
import { findAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { findIdentities } from '../identities/store.ts';
import { findInvitation, type Invitation } from '../invitations/store.ts';
import { surveyLink, tokenFor } from '../invitations/tokens.ts';
import type { StoredMessage } from '../outbox/store.ts';
import { respondedInvitations } from '../responses/store.ts';
import { findSchool } from '../rosters/store.ts';
import { findStudy } from '../studies/store.ts';
import { letterHtml, letterText, type Paragraph } from './html.ts';
import type { Letter, Skip, Wait } from './letter.ts';
import { findStop } from './stops.ts';
import { fillTemplate, oneLine, type Template, type Values } from './template.ts';
import { findTemplate } from './template-store.ts';
import { unsubscribeUrl } from './unsubscribe-token.ts';
import { letterWords, shippedLanguageOf, type TemplateKind, templateKinds } from './words.ts';

/** While an administration is paused or not open yet, its messages are looked at again after this time. */
const waitMs = 10 * 60 * 1000;
export const addressForm = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/u;

/** The letter of an `invitation` or `reminder`. */
export async function writeInvitation(context: Context, message: StoredMessage): Promise<Letter | Skip | Wait> {
  const { db } = context;
  const { study: studyId, about, to } = message;
  if (studyId === null || to.kind !== 'person') return { skip: 'gone' };
  const administrationId = String(about.administration);
  const [study, administration, invitation] = await Promise.all([
    findStudy(db, studyId),
    findAdministration(db, studyId, administrationId),
    findInvitation(db, studyId, administrationId, String(about.invitation)),
  ]);
  if (!study || !administration || !invitation) return { skip: 'gone' };
  if (invitation.state === 'revoked' || invitation.state === 'withdrawn') return { skip: invitation.state };
  if (invitation.standing) return { skip: invitation.standing };
  // In an anonymous administration the link's own mark is all that is known, and all that is needed.
  const responded = await respondedInvitations(db, studyId, administrationId, [invitation._id]);
  if (invitation.state === 'used' || responded.has(invitation._id)) return { skip: 'responded' };
  const availability = availabilityOf(administration, study, context.clock());
  if (availability === 'closed') return { skip: 'closed' };
  if (availability !== 'open') return { wait: availability, until: new Date(context.clock().getTime() + waitMs) };
  const identity = (await findIdentities(context, studyId, [to.person])).get(to.person);
  if (!identity?.email) return { skip: 'no-address' };
  const address = identity.email.trim();
  if (!addressForm.test(address)) return { skip: 'bad-address' };
  const stop = await findStop(context, studyId, to.person, address);
  if (stop) return { skip: stop };

  const language = identity.language ?? study.languages?.[0] ?? defaultLanguage;
  const template = await findTemplate(db, studyId, kindOf(message.kind), language);
  const school = await schoolName(context, studyId, invitation);
  return letterOf({
    study,
    administration,
    template,
    language: template.language,
    name: identity.name,
    school,
    role: invitation.role,
    link: surveyLink(context, tokenFor(context, invitation._id, invitation.serial)),
    address,
    unsubscribe: unsubscribeUrl(context, invitation._id),
  });
}

/** A test of a template, to the account that asked for it, with made-up values. */
export async function writeTest(context: Context, message: StoredMessage): Promise<Letter | Skip> {
  const { db } = context;
  const { study: studyId, about, to } = message;
  if (studyId === null || to.kind !== 'account') return { skip: 'gone' };
  const [study, administration, account] = await Promise.all([
    findStudy(db, studyId),
    findAdministration(db, studyId, String(about.administration)),
    findAccount(db, to.account),
  ]);
  if (!study || !administration || !account) return { skip: 'gone' };
  const language = String(about.language);
  const template = await findTemplate(db, studyId, kindOf(String(about.template)), language);
  const sample = sampleOf(context, { study, administration, language });
  const words = letterWords[shippedLanguageOf(language)];
  const letter = letterOf({ ...sample, template, address: account.email, first: { text: words.test } });
  return { ...letter, subject: `${words.testSubject}: ${letter.subject}` };
}

/** What a template is filled with where no real person is meant. */
export function sampleOf(
  { config }: Pick<Context, 'config'>,
  { study, administration, language }: { study: Study; administration: Administration; language: string },
) {
  const { sampleName } = letterWords[shippedLanguageOf(language)];
  const role: Role = administration.audience.roles[0] ?? 'teacher';
  const link = `${config.publicUrl}/s/this-link-is-an-example`;
  return {
    study,
    administration,
    language,
    name: sampleName,
    school: 'Elm Primary School',
    role,
    link,
    unsubscribe: null,
  };
}

interface Written {
  readonly study: Study;
  readonly administration: Administration;
  readonly template: Template;
  readonly language: string;
  readonly name: string | null;
  readonly school: string;
  readonly role: Role;
  readonly link: string;
  readonly address: string;
  readonly unsubscribe: string | null;
  readonly first?: Paragraph;
}

/** A template in words, with what stands around it. */
export function letterOf(written: Written): Letter {
  const { study, administration, template, language, name, school, role, link, address, unsubscribe, first } = written;
  const words = letterWords[shippedLanguageOf(language)];
  const day = (iso: string) =>
    new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
  const { information } = administration;
  const spoken = Object.keys(information.translations ?? {});
  const { contact } = information.translations?.[bestOf([language], spoken) ?? ''] ?? information;
  const values: Values = {
    name: name ?? '',
    link,
    study: study.title,
    survey: administration.title,
    opens: day(administration.opens),
    closes: day(administration.closes),
    school,
    role: words.roles[role],
    contact,
  };
  const filled = fillTemplate(template, values, words.link);
  const paragraphs = [...(first ? [first] : []), ...filled.paragraphs];
  const small: Paragraph[] = [
    { text: words.personal },
    { text: words.why },
    ...(unsubscribe === null ? [] : [{ text: words.unsubscribe, href: unsubscribe }]),
  ];
  return {
    to: { name: name === null ? null : oneLine(name), address },
    subject: filled.subject,
    text: letterText({ paragraphs, small }),
    html: letterHtml({ language, title: filled.subject, paragraphs, small }),
    language,
    replyTo: addressForm.test(contact.trim()) ? contact.trim() : null,
    unsubscribe,
  };
}

function kindOf(kind: string): TemplateKind {
  return templateKinds.find((known) => known === kind) ?? 'invitation';
}

async function schoolName({ db }: Context, study: string, { school }: Invitation): Promise<string> {
  return school === null ? '' : ((await findSchool(db, study, school))?.name ?? '');
}
