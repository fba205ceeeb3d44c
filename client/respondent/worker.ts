/**
 * The service worker of the respondent's pages (scope `/s/`): opens a link again without network, and its files without
 * asking twice. Keeps pages and files, never answers. Registered by offline.ts; built to `/worker.js`.
 */

// The compiler's library for workers cannot stand beside the one for pages: these are the parts that are used here.
interface LivingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends LivingEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Messages extends LivingEvent {
  readonly data: {
    readonly kind?: unknown;
    readonly page?: unknown;
    readonly language?: unknown;
    readonly files?: unknown;
  };
}
interface Worker {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LivingEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', listener: (event: Messages) => void): void;
}
const worker = self as unknown as Worker;

const cacheName = 'fidelis-respondent-1';
/** A line slower than this is treated as none when the page is here already. */
const patienceMs = 4000;
/** Statuses after which a kept page would only mislead: unknown, used, withdrawn. */
const over = new Set([404, 409, 410]);
/** Pages that were given up while this worker runs: a slow keeping must not bring them back. */
const givenUp = new Set<string>();
const anyHeaders = { ignoreVary: true } as const;

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(Promise.all([dropOldCaches(), worker.clients.claim()])));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate' && pathname.startsWith('/s/')) event.respondWith(openPage(event, pathname));
  else if (pathname.startsWith('/assets/')) event.respondWith(openFile(request));
});

worker.addEventListener('message', (event) => {
  const { kind, page, language, files } = event.data;
  if (typeof page !== 'string' || !page.startsWith('/s/')) return;
  if (kind === 'keep' && Array.isArray(files)) event.waitUntil(keep(page, String(language), files.map(String)));
  if (kind === 'forget') event.waitUntil(forget(page));
});

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

/** The network first, because a link may be used or withdrawn by now; the kept page when there is no network. */
async function openPage(event: FetchEvent, pathname: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(pathname, anyHeaders);
  const fresh = fetch(event.request).then(async (response) => {
    if (over.has(response.status)) await forget(pathname);
    else if (kept && response.ok && !givenUp.has(pathname)) await cache.put(pathname, response.clone());
    return response;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept.clone()), patienceMs));
  // A server in trouble is no better than none.
  const usable = fresh.then((response) => (response.status >= 500 ? kept.clone() : response));
  return Promise.race([usable.catch(() => kept.clone()), late]);
}

/** Files have their content's hash in their name: one that is here is the right one. */
async function openFile(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request.url, anyHeaders);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone());
  return response;
}

/** Keeps a page with its files, and lets go of the files of former builds. */
async function keep(page: string, language: string, files: readonly string[]): Promise<void> {
  const cache = await caches.open(cacheName);
  const pages = await cache.keys();
  const missing: string[] = [];
  for (const file of files) if (!(await cache.match(file, anyHeaders))) missing.push(file);
  await cache.addAll(missing);
  const response = await fetch(`${page}?language=${encodeURIComponent(language)}`, { cache: 'no-store' });
  if (response.ok && !givenUp.has(page)) await cache.put(page, response);
  const wanted = new Set(files);
  for (const request of pages) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/assets/') && !wanted.has(pathname)) await cache.delete(request);
  }
}

async function forget(page: string): Promise<void> {
  givenUp.add(page);
  await (await caches.open(cacheName)).delete(page, anyHeaders);
}
