/**
 * One connection to the mail server, one message after the other. The text is streamed, and before the line that ends it
 * (until which the server has taken nothing) `beforeEnd` is asked: so a message is marked as handed over at the last moment
 * at which stopping still means that it was not sent. Called by `../outbox/deliver.ts`; the only importer of nodemailer.
 */
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from '../config.ts';
import type { Fault } from '../outbox/store.ts';
import type { Letter } from './letter.ts';

/**
 * `later`: try again; `lineDown` when it is not about this message. `uncertain`: the connection broke between the end of
 * the text and the answer. `stopped`: `beforeEnd` said no.
 */
export type Outcome =
  | { readonly kind: 'sent' | 'stopped' }
  | { readonly kind: 'later'; readonly fault: Fault; readonly lineDown: boolean }
  | { readonly kind: 'failed' | 'bounced' | 'uncertain'; readonly fault: Fault };

export interface MailLine {
  /** Sends a letter. Never rejects: what goes wrong is the outcome. */
  send(letter: Letter, messageId: string, beforeEnd: () => Promise<boolean>): Promise<Outcome>;
  close(): void;
}

/** Shorter than the time for which a message is held, so that nobody else takes it while the server is waited for. */
const patienceMs = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000, dnsTimeout: 15_000 };
/** What one connection carries: many servers end one after a while. */
const messagesPerConnection = 100;

/** A line that connects when it is first needed and again when it has been lost. */
export function openLine(server: MailServer): MailLine {
  let connection: SMTPConnection | null = null;
  let carried = 0;
  const drop = () => {
    connection?.close();
    connection = null;
  };
  return {
    async send(letter, messageId, beforeEnd) {
      if (connection && (carried >= messagesPerConnection || connection.destroyed)) {
        connection.quit();
        connection = null;
      }
      try {
        carried = connection ? carried + 1 : 1;
        connection ??= await connect(server);
      } catch (error) {
        drop();
        return { kind: 'later', fault: faultOf(error, 'cannot-connect'), lineDown: true };
      }
      const outcome = await sendOn(connection, server, letter, messageId, beforeEnd);
      // After a refusal the connection may stand in the middle of a dialogue: a new one is the simplest cure.
      if (outcome.kind !== 'sent') drop();
      return outcome;
    },
    close() {
      connection?.quit();
      connection = null;
    },
  };
}

async function connect({ url, name }: MailServer): Promise<SMTPConnection> {
  const secure = url.protocol === 'smtps:';
  const connection = new SMTPConnection({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: url.searchParams.get('requireTLS') === 'true',
    ...(name === '' ? {} : { name }),
    ...patienceMs,
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      connection.close();
      reject(error);
    };
    connection.once('error', fail);
    connection.connect((error) => {
      if (error) return fail(error);
      const ready = () => {
        connection.off('error', fail);
        // A line that breaks between two messages is found broken by the next one.
        connection.on('error', () => undefined);
        resolve(connection);
      };
      if (url.username === '') return ready();
      const credentials = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
      connection.login({ credentials }, (refusal) => (refusal ? fail(refusal) : ready()));
    });
  });
}

async function sendOn(
  connection: SMTPConnection,
  server: MailServer,
  letter: Letter,
  messageId: string,
  beforeEnd: () => Promise<boolean>,
): Promise<Outcome> {
  const source = await sourceOf(server, letter, messageId);
  const progress = { handedOver: false, stopped: false };
  async function* text() {
    yield source;
    progress.stopped = !(await beforeEnd());
    if (progress.stopped) throw new Error('stopped before the end of the text');
    progress.handedOver = true;
  }
  const envelope = { from: server.from.address, to: [letter.to.address], size: source.length };
  return new Promise((resolve) => {
    connection.send(envelope, Readable.from(text(), { objectMode: false }), (error) => {
      if (!error) resolve({ kind: 'sent' });
      else if (progress.stopped) resolve({ kind: 'stopped' });
      else resolve(outcomeOf(error, progress.handedOver));
    });
  });
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** What an error of the connection means for the message. */
function outcomeOf(error: SmtpError, handedOver: boolean): Outcome {
  const reply = error.responseCode;
  if (reply === undefined) {
    if (handedOver) return { kind: 'uncertain', fault: faultOf(error, 'connection-lost') };
    return { kind: 'later', fault: faultOf(error, 'connection-lost'), lineDown: true };
  }
  const aboutRecipient = error.command === 'RCPT TO';
  const fault = faultOf(error, aboutRecipient ? 'address-refused' : 'message-refused');
  if (reply < 500) return { kind: 'later', fault, lineDown: reply === 421 };
  // 5.7.x is a rule of the server, such as whom it relays for: the address itself may be good.
  const aboutRules = fault.status?.startsWith('5.7.') ?? false;
  return { kind: aboutRecipient && !aboutRules ? 'bounced' : 'failed', fault };
}

/** Codes and numbers alone: what a mail server says in words repeats the address. */
function faultOf(error: unknown, code: string): Fault {
  const { responseCode, response, code: kind } = error as SmtpError;
  const [, status] = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '') ?? [];
  const about = kind === 'EAUTH' ? 'sign-in-refused' : kind === 'ETLS' ? 'no-secure-connection' : code;
  return { code: about, ...(responseCode ? { reply: responseCode } : {}), ...(status ? { status } : {}) };
}

/** The letter as MIME: UTF-8, plain text first and HTML beside it, header values encoded and free of line ends. */
async function sourceOf(server: MailServer, letter: Letter, messageId: string): Promise<Buffer> {
  const { to, subject, text, html, language, unsubscribe } = letter;
  const replyTo = letter.replyTo ?? server.replyTo ?? undefined;
  const mailto = replyTo ?? server.from.address;
  const composer = new MailComposer({
    from: server.from,
    to: { name: to.name ?? '', address: to.address },
    ...(replyTo === undefined ? {} : { replyTo }),
    subject,
    text,
    html,
    messageId,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      'Content-Language': language,
      ...(unsubscribe
        ? {
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>, <mailto:${mailto}?subject=unsubscribe>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }
        : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  });
  return composer.compile().build();
}
