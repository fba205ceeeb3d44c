/**
 * The words of the two messages about accounts: an invitation and a link for a new password. Called through
 * `../mail/kinds.ts` at the moment of sending, when the link is derived again.
 */
import type { Context } from '../context.ts';
import { letterHtml, letterText, type Paragraph } from '../mail/html.ts';
import type { Letter, Skip } from '../mail/letter.ts';
import type { StoredMessage } from '../outbox/store.ts';
import { addressOfLink, findLink, type LinkPurpose } from './links.ts';
import { findAccount, type StoredAccount } from './store.ts';

const language = 'en';
type Words = (link: Paragraph, account: StoredAccount) => readonly Paragraph[];

export const writeAccountInvitation = (context: Context, message: StoredMessage) =>
  letterOf(context, message, 'invitation', 'Your account for Fidelis', ({ text: _, href = '' }, { name }) => [
    { text: `Hello ${name},` },
    { text: 'You are invited to Fidelis, where studies of school programmes are run and evaluated.' },
    { text: 'Accept the invitation and choose a password', href },
    { text: 'The link works once and for two weeks. If you did not expect this message, you need do nothing.' },
  ]);

export const writePasswordReset = (context: Context, message: StoredMessage) =>
  letterOf(context, message, 'password-reset', 'A new password for Fidelis', ({ href = '' }, { name }) => [
    { text: `Hello ${name},` },
    { text: 'Somebody, probably you, has asked for a new password for your account.' },
    { text: 'Choose a new password', href },
    {
      text: 'The link works once and for an hour. If it was not you, you need do nothing: your password stays as it is.',
    },
  ]);

/** The letter, unless the link was used, replaced or has become too old meanwhile. */
async function letterOf(
  context: Context,
  { to, about }: StoredMessage,
  purpose: LinkPurpose,
  subject: string,
  words: Words,
): Promise<Letter | Skip> {
  if (to.kind !== 'account') return { skip: 'gone' };
  const [account, link] = await Promise.all([
    findAccount(context.db, to.account),
    findLink(context, purpose, to.account),
  ]);
  if (!account || !link || link.serial !== about.serial || link.generation !== account.generation) {
    return { skip: 'gone' };
  }
  const paragraphs = words({ text: '', href: addressOfLink(context, link) }, account);
  return {
    to: { name: account.name, address: account.email },
    subject,
    text: letterText({ paragraphs }),
    html: letterHtml({ language, title: subject, paragraphs }),
    language,
  };
}
