/** `fidelis person`: everything held on a person, its erasure, and the withdrawal of what they gave. */
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { recordCommand } from '../audit/events.ts';
import type { AuditVerb } from '../audit/verb-list.ts';
import type { Context } from '../context.ts';
import { erasePerson } from '../rights/erase.ts';
import { loadPersonRecord } from '../rights/record.ts';
import { recordPage } from '../rights/record-page.ts';
import { withdrawPerson } from '../rights/withdraw.ts';
import { pathArgument } from './files.ts';
import { act, withContext } from './run.ts';

interface Whose {
  readonly study: string;
  readonly person: string;
}

export function personCommands(): Command {
  const person = new Command('person').description('the rights of a person in a study');
  const command = (name: string, description: string) =>
    person
      .command(name)
      .description(description)
      .requiredOption('--study <id>', 'the study')
      .requiredOption('--person <id>', 'the person, by pseudonym');

  const taken = command('export', 'everything that is held on the person').option(
    '--out <file.html>',
    'write a page to read and hand over',
    pathArgument,
  );
  act<Whose & { out?: string }>(taken, async ({ study, person: id, out }) => {
    const record = await audited('person.export', { study, person: id }, (context) =>
      loadPersonRecord(context, study, id),
    );
    if (out !== undefined) await writeFile(out, recordPage(record));
    const { responses, invitations, messages, identity } = record;
    return {
      json: record,
      lines: [
        `${id}: ${identity ? 'a name or an address' : 'no name and no address'}, ${invitations.length} invitations, ` +
          `${responses.length} responses, ${messages.length} messages.`,
        out === undefined ? 'All of it: --json, or --out FILE.html for a page.' : `Written to ${out}.`,
      ],
    };
  });

  const erase = command(
    'erase',
    'remove who the person is; answers stay under a pseudonym that nobody can resolve',
  ).option('--withdraw', 'also withdraw their answers');
  act<Whose & { withdraw?: boolean }>(erase, async ({ study, person: id, withdraw = false }) => {
    const erasure = await audited('person.erase', { study, person: id }, (context) =>
      erasePerson(context, study, id, { withdraw, by: 'command' }),
    );
    const { identities, messages, withdrawal } = erasure;
    return {
      json: erasure,
      lines: [
        identities > 0
          ? `The identity of ${id} was erased, with ${messages} messages.`
          : `${id} has no identity any more.`,
        ...(withdrawal ? [`Their answers are withdrawn: ${withdrawal.confirmation}.`] : []),
      ],
    };
  });

  act<Whose>(command('withdraw', 'remove all answers of the person'), async ({ study, person: id }) => {
    const withdrawal = await audited('person.withdraw', { study, person: id }, (context) =>
      withdrawPerson(context, study, id, 'command'),
    );
    return {
      json: withdrawal,
      lines: [`Withdrew ${withdrawal.responses} responses of ${id}. Confirmation code: ${withdrawal.confirmation}.`],
    };
  });
  return person;
}

/** On record before it happens, as for requests. */
function audited<T>(verb: AuditVerb, { study, person }: Whose, use: (context: Context) => Promise<T>): Promise<T> {
  return withContext((context) => recordCommand(context, { verb, study, thing: { person } }, () => use(context)), {
    sealed: true,
  });
}
