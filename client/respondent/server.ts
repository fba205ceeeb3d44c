/**
 * The respondent's requests. Three kinds of outcome: done, refused by the server for a reason, or not reached; whatever
 * is not an answer of our own server (a captive portal's page, a proxy's error) counts as not reached. Called by queue.ts.
 */

export type Answers = Readonly<Record<string, unknown>>;

export interface Refusal {
  readonly code: string;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unreached'; readonly retryAfterMs: number };

export interface Consent {
  readonly information: number;
  /** In which the information was read. */
  readonly language?: string | undefined;
  readonly agreed: true;
  /** ISO time of the device. */
  readonly agreedAt: string;
}

/** Answers that the server keeps for a link. */
export interface RemoteDraft {
  readonly answers: Answers;
  readonly page: number;
  readonly savedAt: string;
  readonly consent: { readonly information: number; readonly language?: string; readonly agreedAt: string };
  readonly language?: string;
}

export interface DraftBody {
  /** In which the questions are shown. */
  readonly language?: string | undefined;
  readonly answers: Answers;
  readonly page: number;
  readonly consent: Consent;
}

export interface ResponseBody {
  readonly key: string;
  readonly answers: Answers;
  readonly consent: Consent;
  readonly lastPage: number;
  readonly paradata: object;
  /** Answers to the questions of the self-generated code; the server keeps digests of them alone. */
  readonly code: readonly string[] | null;
}

/** `receiptCode`: for answers that nothing else leads back to. */
export interface Received {
  readonly receivedOn: string;
  readonly receiptCode: string | null;
}

export interface Server {
  loadDraft(): Promise<Outcome<RemoteDraft | null>>;
  /** `leaving`: the page may go away before the answer comes. */
  saveDraft(body: DraftBody, leaving: boolean): Promise<Outcome<{ savedAt: string }>>;
  send(body: ResponseBody): Promise<Outcome<Received>>;
  decline(): Promise<Outcome<null>>;
  /** Brings a file of evidence; the name under which it is kept comes back. */
  upload(file: File, key: string, question: string): Promise<Outcome<{ readonly name: string }>>;
}

const patienceMs = 20_000;
/** Ten megabytes over a slow line. */
const filePatienceMs = 240_000;
/** Browsers refuse larger bodies on requests that outlive their page. */
const keepaliveLimit = 60_000;

/** The server's routes for one link. */
export function serverFor(token: string): Server {
  const base = `/api/s/${encodeURIComponent(token)}`;
  return {
    async loadDraft() {
      const outcome = await ask<{ draft: RemoteDraft | null }>(base, {});
      return outcome.kind === 'done' ? { kind: 'done', value: outcome.value.draft } : outcome;
    },
    saveDraft: (body, leaving) => ask(`${base}/draft`, { method: 'PUT', body, keepalive: leaving }),
    send: (body) => ask(`${base}/responses`, { method: 'POST', body }),
    decline: () => ask(`${base}/decline`, { method: 'POST' }),
    upload(file, key, question) {
      const query = new URLSearchParams({ question, name: file.name.slice(0, 500) || 'file' });
      return ask(`${base}/evidence/${key}?${query}`, { method: 'PUT', file });
    },
  };
}

/** Takes answers back: those of a personal link or of its person, or those of a receipt code. */
export function withdraw(
  what: { readonly token: string; readonly scope: string } | { readonly code: string },
): Promise<Outcome<{ withdrawnOn: string; confirmation: string }>> {
  if ('code' in what) return ask('/api/withdrawals', { method: 'POST', body: what });
  const { token, scope } = what;
  return ask(`/api/s/${encodeURIComponent(token)}/withdrawal`, { method: 'POST', body: { scope } });
}

async function ask<T>(
  url: string,
  {
    method = 'GET',
    body,
    file,
    keepalive = false,
  }: { method?: string; body?: object; file?: File; keepalive?: boolean },
): Promise<Outcome<T>> {
  const text = body && JSON.stringify(body);
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), file ? filePatienceMs : patienceMs);
  try {
    const response = await fetch(url, {
      method,
      ...(text ? { body: text, headers: { 'content-type': 'application/json' } } : {}),
      ...(file ? { body: file, headers: { 'content-type': 'application/octet-stream' } } : {}),
      keepalive: keepalive && (text?.length ?? 0) < keepaliveLimit,
      cache: 'no-store',
      credentials: 'omit',
      signal: controller.signal,
    });
    return await outcomeOf<T>(response);
  } catch {
    return { kind: 'unreached', retryAfterMs: 0 };
  } finally {
    clearTimeout(timer);
  }
}

async function outcomeOf<T>(response: Response): Promise<Outcome<T>> {
  if (response.status === 204) return { kind: 'done', value: null as T };
  const type = response.headers.get('content-type') ?? '';
  const retryAfterMs = 1000 * (Number(response.headers.get('retry-after')) || 0);
  if (response.ok && type.startsWith('application/json')) return { kind: 'done', value: (await response.json()) as T };
  if (response.status >= 400 && response.status < 500 && type.startsWith('application/problem+json')) {
    const problem = (await response.json()) as Partial<Refusal>;
    const refusal = { code: String(problem.code), issues: problem.issues ?? [] };
    if (!passing.has(refusal.code)) return { kind: 'refused', refusal };
  }
  return { kind: 'unreached', retryAfterMs };
}

/** Refusals that a later try may overcome. */
const passing = new Set(['too-many-requests', 'request-aborted', 'malformed-json', 'not-found']);
