/**
 * What of a request and of an error may be written to the log: never a token, a query, a header, a network address or a
 * value that somebody sent. Used by the request log (http-log.ts) and by the logger (log.ts).
 */

/** A path segment that is plainly a name of ours: short, or short words with hyphens or dots between them. */
const plainSegment = /^(?:[\w~-]{1,19}(?:\.[\w~-]{1,19})*|[a-z]{1,15}(?:-[a-z0-9]{1,15}){1,5})$/;

/** The segments after which the next one is a secret, wherever the address came from. */
const beforeToken = new Set([
  's',
  'setup',
  'invitation',
  'account-invitations',
  'password-reset',
  'password-resets',
  'unsubscribe',
]);

/**
 * The path of an address as it may be logged: without query, with `:token` for whatever stands where tokens stand and
 * `:value` for anything that is not plainly a name.
 *
 * @example
 * loggedPath('/api/s/Jx3c0Vq2b9d8e7f6g5h4iA/draft?from=mail') // => '/api/s/:token/draft'
 */
export function loggedPath(url: string): string {
  const path = decoded(url.split(/[?#]/, 1)[0] ?? '');
  if (path === null) return '/:value';
  let secretNext = false;
  return path
    .split(/[/\\]/)
    .map((segment) => {
      if (segment === '') return segment;
      if (secretNext) {
        secretNext = false;
        return ':token';
      }
      secretNext = beforeToken.has(segment.toLowerCase());
      return plainSegment.test(segment) ? segment : ':value';
    })
    .join('/');
}

/** A slash that was percent-encoded counts as one, so that a mangled link hides no token in one segment. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

export interface LoggedError {
  readonly type: string;
  readonly code?: string | number;
  readonly message?: string;
  /** Where it happened; the message is not repeated. */
  readonly stack: readonly string[];
  readonly cause?: LoggedError;
}

/** Errors whose messages are written by programmers; all others may quote what somebody sent. */
const programmersErrors = new Set(['Error', 'TypeError', 'ReferenceError', 'RangeError', 'AssertionError', 'Problem']);

/**
 * An error as it may be logged: its kind, code and place. The messages of database, validation and syntax errors are
 * left out, for they quote keys and values.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const { code, codeName, syscall, cause } = error as Error & Partial<Record<'code' | 'codeName' | 'syscall', unknown>>;
  const shownCode = typeof codeName === 'string' ? codeName : code;
  const showMessage = programmersErrors.has(error.name) || typeof syscall === 'string';
  return {
    type: error.name,
    ...(typeof shownCode === 'string' || typeof shownCode === 'number' ? { code: shownCode } : {}),
    ...(showMessage ? { message: error.message } : {}),
    stack: (error.stack ?? '').split('\n').flatMap((line) => (/^\s+at /.test(line) ? [line.trim()] : [])),
    ...(cause === undefined || depth >= 3 ? {} : { cause: loggedError(cause, depth + 1) }),
  };
}
