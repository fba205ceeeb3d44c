/**
 * The words of the message that says an export has ended: where the file is, or why there is none. It carries no data. Called
 * through `../mail/kinds.ts` at the moment of sending.
 */
import { findAccount } from '../accounts/store.ts';
import type { Context } from '../context.ts';
import { fileTypes } from '../datasets/definitions/file-types.ts';
import { letterHtml, letterText, type Paragraph } from '../mail/html.ts';
import type { Letter, Skip, Wait } from '../mail/letter.ts';
import type { StoredMessage } from '../outbox/store.ts';
import type { Export } from './export.ts';
import { findExport } from './store.ts';

const language = 'en';
const lookAgainMs = 30_000;

export async function writeExportEnded(context: Context, message: StoredMessage): Promise<Letter | Skip | Wait> {
  const { to, study, about } = message;
  if (to.kind !== 'account' || study === null) return { skip: 'gone' };
  const [account, found] = await Promise.all([
    findAccount(context.db, to.account),
    findExport(context.db, study, String(about.export)),
  ]);
  if (!account || !found) return { skip: 'gone' };
  if (found.state === 'waiting' || found.state === 'running') {
    return { wait: 'not-ended-yet', until: new Date(context.clock().getTime() + lookAgainMs) };
  }
  if (found.state !== 'ready' && found.state !== 'failed') return { skip: 'gone' };
  const { title } = found.definition;
  const what = found.freezes ? 'release' : 'export';
  const subject = found.state === 'ready' ? `The ${what} of ${title} is ready` : `The ${what} of ${title} failed`;
  const href = `${context.config.publicUrl}/studies/${encodeURIComponent(study)}/datasets`;
  const paragraphs: Paragraph[] = [{ text: `Hello ${account.name},` }, ...words(found, href)];
  return {
    to: { name: account.name, address: account.email },
    subject,
    text: letterText({ paragraphs }),
    html: letterHtml({ language, title: subject, paragraphs }),
    language,
  };
}

function words({ state, definition, format, until, problem, freezes }: Export, href: string): Paragraph[] {
  if (freezes) {
    return [
      state === 'failed'
        ? { text: `${definition.title} could not be frozen. ${problem?.detail ?? 'Ask for it again.'}` }
        : { text: `${definition.title} is frozen as release ${freezes.number}.` },
      { text: 'Open the releases of the study', href },
    ];
  }
  if (state === 'failed') {
    return [
      { text: `You have asked for ${definition.title} ${fileTypes[format].what}. It could not be made.` },
      { text: problem?.detail ?? 'Ask for it again.' },
      { text: 'Open the datasets of the study', href },
    ];
  }
  return [
    { text: `${definition.title} is there, ${fileTypes[format].what}.` },
    { text: 'Open the datasets of the study', href },
    {
      text: `Sign in to take the file away. It is kept until ${until?.toISOString().slice(0, 10)} and can be made again afterwards.`,
    },
  ];
}
