/** Checks DDI documents with xmllint. Called by the matrix and by open-formats.test.ts. */
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { run } from './programs.ts';

/**
 * The elements that our documents use, as DDI-Codebook 2.5 orders and types them; README.md of test/ says why it is not the
 * published schema, and how to check against that.
 */
const schema = process.env.FIDELIS_DDI_SCHEMA ?? fileURLToPath(new URL('./ddi-codebook-used.xsd', import.meta.url));

/** Throws what xmllint finds wrong. */
export function checkAgainstDdi(paths: readonly string[]): void {
  run('xmllint', ['--noout', '--nonet', '--schema', schema, ...paths], tmpdir());
}
