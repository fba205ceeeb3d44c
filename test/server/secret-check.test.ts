/** A database knows the secret it was used with: a server with another one does not start, unless that is meant. */
import { expect, inject, test } from 'vitest';
import { secretOf } from '../../server/secret.ts';
import { requireSameSecret } from '../../server/secret-check.ts';
import { testDatabase } from '../database.ts';
import { startServerProcess } from '../server-process.ts';

const [one, other] = [1, 2].map((byte) => secretOf(Buffer.alloc(32, byte)));

test('the first leaves a mark, the same passes, another is refused until it is meant', async () => {
  const { connection: db } = await testDatabase();
  if (!one || !other) throw new Error('two secrets');
  await requireSameSecret(db, one, { accept: false });
  await requireSameSecret(db, one, { accept: false });
  await expect(requireSameSecret(db, other, { accept: false })).rejects.toThrow(/FIDELIS_SECRET is not the secret/);
  await requireSameSecret(db, other, { accept: true });
  await requireSameSecret(db, other, { accept: false });
  await expect(requireSameSecret(db, one, { accept: false })).rejects.toThrow('FIDELIS_SECRET_CHANGED=yes');
  const [mark] = await db.collection('settings').find().toArray();
  expect(JSON.stringify(mark)).not.toContain('01'.repeat(32));
});

test('a second server without the secret of the first says so and ends', async () => {
  const { connection } = await testDatabase();
  const uri = inject('mongodbUri').replace(/^(mongodb:\/\/[^/]+)\/?/, `$1/${connection.name}`);
  const environment = { MONGODB_URI: uri, FIDELIS_DEMO: 'off' };
  const first = await startServerProcess({ environment: { ...environment, FIDELIS_SECRET: 'a'.repeat(32) } });
  await expect(startServerProcess({ environment })).rejects.toThrow(
    /is not the secret that this database was used with/,
  );
  await first.close();
});
