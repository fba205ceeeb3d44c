/**
 * How the workbench talks to the server: JSON in and out, the CSRF token on every writing request, and every refusal
 * as an `ApiProblem`. Called by `api.ts` alone.
 */
import type { Issue } from '../../instruments/instrument.ts';

/** A problem+json answer of the server, or what stands in for one when no answer came. */
export class ApiProblem extends Error {
  readonly code: string;
  /** HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly title: string;
  readonly detail: string | null;
  readonly issues: readonly Issue[];
  /** Id of the request, for whoever reads the server's log; null when there is none. */
  readonly requestId: string | null;
  /** The whole answer, with what this problem alone tells. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(problem: {
    code: string;
    status: number;
    title: string;
    detail?: string | null;
    issues?: readonly Issue[];
    requestId?: string | null;
    members?: Readonly<Record<string, unknown>>;
  }) {
    super(problem.title);
    this.name = 'ApiProblem';
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail ?? null;
    this.issues = problem.issues ?? [];
    this.requestId = problem.requestId ?? null;
    this.members = problem.members ?? {};
  }
}

let csrfToken = '';

/** Remembers the token that `GET /api/session` gave; writing requests carry it. */
export function rememberCsrfToken(token: string): void {
  csrfToken = token;
}

/** The last answer of each address that is asked again and again, with the tag by which the server knows it. */
const lastAnswers = new Map<string, { readonly tag: string; readonly value: unknown }>();

/**
 * Reads something that seldom changes. While it has not, the server sends nothing, and the very same value as before is
 * given back, so that nothing is drawn anew.
 */
export async function requestIfChanged<T>(url: string): Promise<T> {
  const last = lastAnswers.get(url);
  const response = await reach(url, {
    // Said by hand, or the browser would ask for a fresh copy whatever the tag.
    headers: {
      accept: 'application/json',
      'cache-control': 'max-age=0',
      ...(last ? { 'if-none-match': last.tag } : {}),
    },
    credentials: 'same-origin',
  });
  if (response.status === 304 && last) return last.value as T;
  const value = await readJson(response);
  if (!response.ok) throw problemOf(response, value);
  const tag = response.headers.get('etag');
  if (tag) lastAnswers.set(url, { tag, value });
  return value as T;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** Goes on when the page is gone; browsers take no more than 64 KB of such requests. */
  readonly keepalive?: boolean;
}

/**
 * Sends one request and gives back the JSON answer (`undefined` for 204). A writing request whose CSRF token has gone
 * stale, because somebody signed in again in another tab, is sent once more with a fresh one.
 */
export async function request<T>(url: string, call: Call = {}): Promise<T> {
  const method = call.method ?? 'GET';
  try {
    return await send<T>(url, method, call);
  } catch (error) {
    const stale = error instanceof ApiProblem && error.code === 'cross-site-request' && method !== 'GET';
    if (!stale) throw error;
    const session = await send<{ csrfToken: string }>('/api/session', 'GET', {});
    rememberCsrfToken(session.csrfToken);
    return await send<T>(url, method, call);
  }
}

async function send<T>(url: string, method: string, call: Call): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken;
  // Of a form with a file the browser itself says how it is put together.
  const form = call.body instanceof FormData ? call.body : null;
  if (call.body !== undefined && !form) headers['content-type'] = 'application/json';
  const response = await reach(url, {
    method,
    headers,
    credentials: 'same-origin',
    ...(call.body === undefined ? {} : { body: form ?? JSON.stringify(call.body) }),
    ...(call.signal ? { signal: call.signal } : {}),
    ...(call.keepalive ? { keepalive: true } : {}),
  });
  const value = await readJson(response);
  if (!response.ok) throw problemOf(response, value);
  return value as T;
}

/**
 * Reads an answer that comes as lines of JSON. Each line is handed on as it comes; an answer that breaks off in the middle
 * rejects.
 */
export async function requestLines<Line>(
  url: string,
  onLine: (line: Line) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await reach(url, {
    headers: { accept: 'application/x-ndjson' },
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
  });
  if (!response.ok || !response.body) throw problemOf(response, await readJson(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let begun = '';
  for (;;) {
    const { value, done } = await reached(() => reader.read());
    const lines = `${begun}${value ?? ''}`.split('\n');
    begun = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line !== '') onLine(JSON.parse(line) as Line);
    if (done) return;
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  return reached(() => fetch(url, init));
}

/** An answer that ended before it was whole. */
export const brokenOff = {
  code: 'answer-broken-off',
  status: 0,
  title: 'The answer of the server broke off.',
  detail: 'Check the network connection and that the server is running, then try again.',
};

/** What the network gives; where it fails, a problem in words. */
async function reached<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({
      code: 'server-unreachable',
      status: 0,
      title: 'The server cannot be reached.',
      detail: 'Check the network connection and that the server is running, then try again.',
    });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(response: Response, value: unknown): ApiProblem {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const textOf = (key: string): string | null => (typeof given[key] === 'string' ? given[key] : null);
  return new ApiProblem({
    code: textOf('code') ?? 'unexpected-answer',
    status: response.status,
    title: textOf('title') ?? `The server answered with status ${response.status}.`,
    detail: textOf('detail'),
    issues: Array.isArray(given.issues) ? (given.issues as Issue[]) : [],
    requestId: textOf('instance') ?? response.headers.get('x-request-id'),
    members: given,
  });
}

/** The query of an address, with what is given; empty where nothing is. */
export function queryOf(values: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
