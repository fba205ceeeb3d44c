/** `fidelis user`: accounts of the workbench. */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { createAccount } from '../accounts/create.ts';
import { newAccountSchema } from '../accounts/schemas.ts';
import { recordCommand } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { issuesOf } from '../http.ts';
import { accountRoles } from '../permissions.ts';
import { Problem } from '../problems.ts';
import { act, withContext } from './run.ts';

export function userCommands(): Command {
  const user = new Command('user').description('accounts of the workbench');
  const add = user
    .command('add')
    .description('add an account; without --password-stdin a password is made and printed once')
    .requiredOption('--email <address>', 'e-mail address to sign in with')
    .requiredOption('--name <name>', 'name that others see')
    .addOption(new Option('--role <role>', 'what the account may do').choices(accountRoles).makeOptionMandatory())
    .option('--password-stdin', 'read the password from standard input');
  act<{ email: string; name: string; role: string; passwordStdin?: boolean }>(add, async (options) => {
    const made = options.passwordStdin ? null : randomBytes(12).toString('base64url');
    // The line end that a terminal or echo puts behind it is not part of it.
    const password = made ?? (await text(process.stdin)).replace(/\r?\n$/, '');
    const parsed = newAccountSchema.safeParse({
      name: options.name,
      email: options.email,
      role: options.role,
      password,
    });
    if (!parsed.success) throw new Problem('invalid-request', { issues: issuesOf(parsed.error, 'account') });
    const create = (context: Context) =>
      recordCommand(context, { verb: 'account.create', study: null }, () => createAccount(context, parsed.data), {
        madeBy: (account) => ({ account: account.id }),
      });
    const { id, name, email, role } = await withContext(create, { creates: true });
    return {
      json: { account: { id, name, email, role }, ...(made ? { password: made } : {}) },
      lines: [`Added ${role} ${name} <${email}>.`, ...(made ? [`Password (shown this once): ${made}`] : [])],
    };
  });
  return user;
}
