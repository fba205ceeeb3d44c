/**
 * One embedded engine for a whole test run, started before the first test file and stopped after the last. Called by
 * vitest (globalSetup); the files get databases of their own on it through database.ts. MONGODB_TEST_URI names another
 * server to test against.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { type EmbeddedEngine, startEngine } from '../server/database/embedded.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    mongodbUri: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.MONGODB_TEST_URI;
  if (given !== undefined && given !== '') {
    project.provide('mongodbUri', given);
    return async () => {};
  }
  const dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-test-data-'));
  let engine: EmbeddedEngine;
  try {
    engine = await startEngine({
      dataFolder,
      log: pino({ level: 'warn' }, pino.destination(2)),
      shared: true,
    });
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
  project.provide('mongodbUri', engine.uri);
  return async () => {
    await engine.stop();
    await rm(dataFolder, { recursive: true, force: true });
  };
}
