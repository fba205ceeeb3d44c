/** `fidelis identities rotate-keys`: which keys have sealed names and e-mail addresses, and sealing them with the first. */
import { Command } from 'commander';
import { recordCommand } from '../audit/events.ts';
import { identityKeys } from '../identities/keys.ts';
import { type KeyUse, keysInUse, rotateKeys } from '../identities/rotate.ts';
import { Problem } from '../problems.ts';
import { act, progressLine, withContext } from './run.ts';

const stateWords: Readonly<Record<KeyUse['state'], string>> = {
  first: 'seals what is written',
  given: 'is given, and only reads',
  missing: 'IS MISSING: add it to FIDELIS_IDENTITY_KEYS',
};

export function identityCommands(): Command {
  const identities = new Command('identities').description('names and e-mail addresses of people, which are encrypted');
  const rotate = identities
    .command('rotate-keys')
    .description('encrypt everything with the first key of FIDELIS_IDENTITY_KEYS; may be repeated at any time')
    .option('--check', 'only tell which keys are in use');
  act<{ check?: boolean }>(rotate, async ({ check }) => {
    if (check) {
      const keys = await withContext(keysInUse, { sealed: true });
      return {
        json: { keys },
        lines: keys.map(({ key, fields, state }) => `${key}: ${fields} fields; ${stateWords[state]}.`),
      };
    }
    const progress = progressLine('People');
    const rotation = await withContext(
      (context) =>
        recordCommand(
          context,
          { verb: 'identity.rotate-keys', study: null, thing: { key: identityKeys(context)[0]?.id ?? '' } },
          () => rotateKeys(context, (people) => progress.show(people)),
        ),
      { sealed: true },
    ).finally(() => progress.end());
    const missing = Object.entries(rotation.unreadable);
    if (missing.length > 0) {
      throw new Problem('identity-unreadable', {
        detail: `${rotation.people} people were encrypted anew with "${rotation.key}"; the rest stays as it is.`,
        issues: missing.map(([key, fields]) => ({
          code: 'missing-key',
          path: `key ${key}`,
          message: `${fields} fields cannot be read.`,
        })),
      });
    }
    return {
      json: rotation,
      lines: [
        `Encrypted ${rotation.people} people anew; every identity is under the key "${rotation.key}".`,
        'A server that was started without this key cannot read them: restart it with the same FIDELIS_IDENTITY_KEYS.',
      ],
    };
  });
  return identities;
}
