/**
 * A real SMTP server for a test: takes mail, keeps what it took, and refuses as the test says. Used by the tests of messages
 * and by the flow test.
 */
import type { AddressInfo, Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  readonly to: string;
  readonly from: string;
  /** As it came over the line. */
  readonly source: Buffer;
}

export interface MailServerForTests {
  /** For SMTP_URL. */
  readonly url: string;
  readonly taken: readonly TakenMail[];
  /** Called before an address is accepted; an error with `responseCode` refuses it. */
  refuse: ((address: string) => Error | null) | null;
  /** Called with each whole text before it is acknowledged: the answer comes when it resolves. */
  beforeAnswer: ((mail: TakenMail) => Promise<void>) | null;
  parse(mail: TakenMail): Promise<ParsedMail>;
  /** Breaks every line that is open, in the middle of whatever is said. */
  cutLines(): void;
  close(): Promise<void>;
}

/** An error that the server says with a code, such as 550. */
export function smtpRefusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

export async function startMailServer(): Promise<MailServerForTests> {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo({ address }, _session, done) {
      done(self.refuse?.(address) ?? undefined);
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          to: rcptTo[0]?.address ?? '',
          from: mailFrom === false ? '' : mailFrom.address,
          source: Buffer.concat(parts),
        };
        // Taken from here on, whatever becomes of the line: this is where a mail server writes it to its queue.
        taken.push(mail);
        Promise.resolve(self.beforeAnswer?.(mail)).then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  });
  // Clients that are killed reset their lines.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const lines = new Set<Socket>();
  server.server.on('connection', (line: Socket) => {
    lines.add(line);
    line.once('close', () => lines.delete(line));
  });
  const self: MailServerForTests = {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    refuse: null,
    beforeAnswer: null,
    parse: ({ source }) => simpleParser(source),
    cutLines() {
      for (const line of lines) line.destroy();
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  return self;
}
