/** `fidelis audit`: follow the chain of the audit, and write it to a file. */
import { Command, InvalidArgumentError } from 'commander';
import { writeAuditCsv } from '../audit/csv.ts';
import { recordCommand } from '../audit/events.ts';
import type { AuditHead } from '../audit/store.ts';
import { verifyAudit } from '../audit/verify.ts';
import { pathArgument } from './files.ts';
import { act, exitCodes, withContext } from './run.ts';
import { whole } from './whole-file.ts';

export function auditCommands(): Command {
  const audit = new Command('audit').description('who did what to which thing: an append-only chain');
  const verify = audit
    .command('verify')
    .description('follow the chain from its first entry to its head; exit code 1 when it is broken')
    .option('--noted <number:hash>', 'a head that was printed earlier and has to be in the chain still', headArgument);
  act<{ noted?: AuditHead }>(verify, async ({ noted }) => {
    const check = await withContext(({ db }) => verifyAudit(db, noted ?? null));
    const { ok, entries, head, faults } = check;
    if (!ok) process.exitCode = exitCodes.refused;
    const noun = entries === 1 ? 'entry' : 'entries';
    return {
      json: check,
      lines: ok
        ? [`The audit is whole: ${entries} ${noun}${head ? `, head ${head.number}:${head.hash}` : ''}.`]
        : [`The audit is broken; ${entries} ${noun} found.`, ...faults.map(({ message }) => `  ${message}`)],
    };
  });

  const file = audit
    .command('export')
    .description('write the audit as CSV, oldest entry first')
    .requiredOption('--out <audit.csv>', 'file to write', pathArgument)
    .option('--study <id>', 'entries of one study alone');
  act<{ out: string; study?: string }>(file, async ({ out, study }) => {
    await withContext((context) =>
      recordCommand(context, { verb: 'audit.export', study: study ?? null }, () =>
        whole(out, (stream) => writeAuditCsv(context, { study }, stream)),
      ),
    );
    return { json: { file: out }, lines: [out] };
  });
  return audit;
}

function headArgument(text: string): AuditHead {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined) {
    throw new InvalidArgumentError('a number, a colon and 64 hexadecimal characters are expected.');
  }
  return { number: Number(number), hash };
}
