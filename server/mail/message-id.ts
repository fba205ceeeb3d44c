/**
 * The Message-ID of a message, derived from its key: the same message has the same one whenever it is sent, so that a mail
 * server or a reader's program can tell a second copy, and a line in a mail server's log can be found. It tells nothing.
 */
import { createHmac } from 'node:crypto';
import type { Context } from '../context.ts';

export function messageIdOf({ secret }: Pick<Context, 'secret'>, key: string, domain: string): string {
  const id = createHmac('sha256', secret.derive('message-ids')).update(key).digest('base64url').slice(0, 32);
  return `<${id}@${domain}>`;
}
