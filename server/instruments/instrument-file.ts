/**
 * An instrument version as one file: the version, its hash, and who published it when and why. Written by the route of a
 * version, and read where a draft begins with a file.
 */
import { parseInstrument } from '../../instruments/parse.ts';
import { Problem } from '../problems.ts';
import { hashInstrument, type PublishedInstrument } from './store.ts';

const format = 'fidelis-instrument';

export function instrumentFileOf({ instrument, hash, publishedAt, publishedBy, why }: PublishedInstrument) {
  return { format, hash, publishedAt: publishedAt.toISOString(), publishedBy, why, instrument };
}

/**
 * The instrument in a file: one that `instrumentFileOf` made, whose hash must be that of its content, or the JSON of an
 * instrument alone. Throws `invalid-instrument` with all that is wrong and where.
 */
export function readOwnFile(file: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const wrapped = file.format === format;
  const instrument = wrapped ? file.instrument : file;
  const parsed = parseInstrument(instrument);
  if (!parsed.ok) {
    const issues = parsed.issues.map((issue) => ({
      ...issue,
      path: wrapped ? `instrument.${issue.path}` : issue.path,
    }));
    throw new Problem('invalid-instrument', { issues });
  }
  if (wrapped) {
    // Of the file as it is, not of what was read of it.
    if (hashInstrument(instrument) !== file.hash) {
      const message =
        'The file was changed after it was made: its hash is not that of its content. Take it from its source again.';
      throw new Problem('invalid-instrument', { issues: [{ code: 'hash-differs', path: 'hash', message }] });
    }
  }
  return { ...parsed.value };
}
