/** What anything thrown means to whoever asked. Called by `http.ts`, the command line and the audit. */
import { translateDatabaseError } from './database/errors.ts';
import { UnreadableIdentity } from './identities/crypt.ts';
import { Problem } from './problems.ts';

/** Anything thrown, as a Problem: body-parser's and the driver's errors translated, the unknown as `internal`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const type = error instanceof Error && 'type' in error ? String(error.type) : '';
  if (type === 'entity.parse.failed') return new Problem('malformed-json', { cause: error });
  if (type === 'entity.too.large') return new Problem('body-too-large', { cause: error });
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return new Problem('request-aborted', { cause: error });
  }
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return new Problem('unsupported-media-type', { cause: error });
  }
  if (error instanceof Error && 'code' in error && /^Z_[A-Z]+_ERROR$/.test(String(error.code))) {
    const detail = 'The body is not compressed as its Content-Encoding says.';
    return new Problem('invalid-request', { detail, cause: error });
  }
  if (error instanceof UnreadableIdentity) {
    return new Problem('identity-unreadable', { detail: error.advice, cause: error });
  }
  if (error instanceof URIError) return new Problem('not-found', { cause: error });
  const translated = translateDatabaseError(error);
  if (translated?.kind === 'unavailable') {
    return new Problem('database-unavailable', { retryAfterSeconds: 2, cause: error });
  }
  if (translated?.kind === 'disk-full') return new Problem('disk-full', { cause: error });
  if (translated?.kind === 'too-large') return new Problem('body-too-large', { cause: error });
  if (translated?.kind === 'duplicate-key') return new Problem('already-exists', { cause: error });
  return new Problem('internal', { cause: error });
}
