/**
 * Nothing that changes something can be forgotten in the audit: every row of the permission table says which entry it
 * leaves, or why it leaves none, and every verb has plain words for the audit's page.
 */
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { thingTitles, verbTitle, verbTitles } from '../../client/workbench/audit/words.ts';
import { type AuditVerb, auditVerbs } from '../../server/audit/verb-list.ts';
import {
  auditOf,
  recordedRoutes,
  recordedWithin,
  repeatedReads,
  repeatedSaves,
  unrecordedRoutes,
} from '../../server/audit/verbs.ts';
import { fidelisProgram } from '../../server/cli/program.ts';
import { type Access, accessTable } from '../../server/permissions.ts';

const rows = Object.entries(accessTable);
const tables = { recordedRoutes, recordedWithin, unrecordedRoutes };
const whereIs = (row: string) => Object.entries(tables).flatMap(([name, table]) => (row in table ? [name] : []));

test('every request that is no read names its entry, or the reason why it leaves none', () => {
  const changes = rows.filter(([row]) => !row.startsWith('GET '));
  expect(changes.length).toBeGreaterThan(60);
  expect(Object.fromEntries(changes.map(([row]) => [row, whereIs(row).length]))).toEqual(
    Object.fromEntries(changes.map(([row]) => [row, 1])),
  );
});

test('the tables name no route that is not there, and no route twice', () => {
  for (const table of Object.values(tables)) {
    for (const row of Object.keys(table))
      expect([row, whereIs(row).length, row in accessTable]).toEqual([row, 1, true]);
  }
});

test('a change, or a read of data, that no table knows stops the start', () => {
  const stray = { method: 'POST', path: '/api/stray' };
  expect(() => auditOf(stray, 'study.manage')).toThrow("no row in the audit's tables for POST /api/stray");
  const read = { ...stray, method: 'GET' };
  expect(auditOf(read, 'study.read')).toBeNull();
  expect(() => auditOf(read, 'dataset.export')).toThrow("no row in the audit's tables for GET /api/stray");
});

test('only what respondents do, and questions that are long, go unrecorded', () => {
  for (const [row, reason] of Object.entries(unrecordedRoutes)) {
    expect(reason).toMatch(/^What respondents do|^Changes nothing and shows nobody|^Tells for a minute/);
    const open = accessTable[row] === 'anyone' || accessTable[row] === 'message.read';
    expect(open || row === 'POST /api/instrument-drafts/:draft/editors').toBe(true);
    expect(row).not.toMatch(/^DELETE/);
  }
});

test('what is taken away as a file, shows links, or shows who people are, is recorded though it is a read', () => {
  const shows: readonly Access[] = [
    'identity.read',
    'invitation.read',
    'dataset.controlled',
    'dataset.export',
    'audit.read',
  ];
  const file = /\.(csv|xlsx|zip|sav|dta|pdf|html|json)$/;
  const notOurs = ['GET /api/openapi.json'];
  const reads = rows.filter(
    ([row, access]) => row.startsWith('GET ') && (shows.includes(access) || file.test(row)) && !notOurs.includes(row),
  );
  expect(reads.length).toBeGreaterThan(20);
  for (const [row] of reads) {
    expect([row, recordedRoutes[row] ?? recordedWithin[row]?.[0]]).toEqual([row, expect.any(String)]);
  }
});

test('what is written around a handler is behind a permission, so that somebody stands in the entry', () => {
  for (const row of Object.keys(recordedRoutes)) expect(accessTable[row]).toMatch(/^\w+\.\w+$/);
});

/** Written by jobs and by commands alone. */
const elsewhere: readonly AuditVerb[] = [
  'identity.rotate-keys',
  'mailing.send',
  'response.import',
  'response.simulate',
  'retention.sweep',
];

test('every verb is written somewhere, and there is none twice', () => {
  const used = new Set([...Object.values(recordedRoutes), ...Object.values(recordedWithin).flat(), ...elsewhere]);
  expect([...used].sort()).toEqual([...auditVerbs]);
  expect([...auditVerbs]).toEqual([...auditVerbs].sort());
  for (const verb of repeatedReads) expect(verb).toMatch(/\.read$/);
  for (const verb of repeatedSaves) expect(verb).toMatch(/\.save$/);
});

test('every verb has words of its own on the page of the audit, and so has whatever a route names', () => {
  expect(Object.keys(verbTitles).sort()).toEqual([...auditVerbs]);
  expect(new Set(Object.values(verbTitles)).size).toBe(auditVerbs.length);
  // What an earlier version wrote is told by the right that it needed.
  expect(verbTitle('roster.manage')).toBe('Change rosters');
  const named = Object.keys(recordedRoutes).flatMap((row) => [...row.matchAll(/:(\w+)/g)].map(([, name = '']) => name));
  for (const name of new Set(named)) {
    if (name !== 'study') expect(thingTitles, `words for :${name}`).toHaveProperty([name]);
  }
});

const reads = 'Tells sizes and counts, or follows the chain itself.';
const ownFile = "Reads a file of the caller's own and no database.";
/** What each command leaves in the chain, or why it leaves nothing. */
const commands: Readonly<Record<string, AuditVerb | typeof reads | typeof ownFile | 'starts the server'>> = {
  serve: 'starts the server',
  'user add': 'account.create',
  'identities rotate-keys': 'identity.rotate-keys',
  'instruments list': reads,
  'instruments check': ownFile,
  'instruments diff': ownFile,
  'instruments import': ownFile,
  'instruments export': 'instrument.export',
  'instruments codebook': 'codebook.export',
  'instruments add': 'instrument.publish',
  'studies create': 'study.create',
  'studies list': reads,
  'roster import': 'roster.import',
  'demo load': 'study.create',
  'responses import': 'response.import',
  'person export': 'person.export',
  'person erase': 'person.erase',
  'person withdraw': 'person.withdraw',
  export: 'dataset.export',
  'release create': 'release.create',
  'release list': reads,
  'release verify': 'release.verify',
  simulate: 'response.simulate',
  rates: reads,
  fidelity: reads,
  'report evaluation': 'report.export',
  'report school': 'report.export',
  analyse: ownFile,
  'audit verify': reads,
  'audit export': 'audit.export',
};

function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  return command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
}

test('every command says what it leaves in the chain, or why it leaves nothing', async () => {
  expect(leaves(await fidelisProgram()).map(([name]) => name)).toEqual(Object.keys(commands));
  for (const left of Object.values(commands)) {
    expect(left in verbTitles || [reads, ownFile, 'starts the server'].includes(left)).toBe(true);
  }
});
