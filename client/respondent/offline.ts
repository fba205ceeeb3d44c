/**
 * Keeps the page itself on the device, so that a link once opened opens again without network. Called by main.ts; the
 * work is done by worker.ts. Browsers that have no service workers (or a page over plain http) do without.
 */

type Message =
  | { readonly kind: 'keep'; readonly page: string; readonly language: string; readonly files: readonly string[] }
  | { readonly kind: 'forget'; readonly page: string };

/** Asks for this page, in the language in which it speaks, and the files that it uses to be kept. */
export async function keepPage(language: string): Promise<void> {
  const page = location.pathname;
  const registration = await register();
  const names = performance.getEntriesByType('resource').map(({ name }) => new URL(name, location.href).pathname);
  const files = [...new Set(names.filter((name) => name.startsWith('/assets/')))];
  post(registration, { kind: 'keep', page, language, files });
}

/** Drops this page: after sending, nobody who takes up the device finds it. */
export const forgetPage = (): Promise<void> => forgetPageOf(location.pathname);

/**
 * Drops the page of a link, at once and without registering anything: a registration may take as long as it likes. The
 * worker is told as soon as there is one, so that a keeping which is under way does not bring the page back.
 */
export async function forgetPageOf(page: string): Promise<void> {
  if (!('caches' in window)) return;
  for (const name of await caches.keys()) await (await caches.open(name)).delete(page, { ignoreVary: true });
  const workers = serviceWorkers();
  if (workers) post(await workers.ready, { kind: 'forget', page });
}

/** None over plain http; some browsers name the property there all the same. */
const serviceWorkers = (): ServiceWorkerContainer | undefined => navigator.serviceWorker;

async function register(): Promise<ServiceWorkerRegistration | null> {
  const workers = serviceWorkers();
  if (!workers) return null;
  try {
    await workers.register('/worker.js', { scope: '/s/' });
    return await workers.ready;
  } catch {
    return null;
  }
}

function post(registration: ServiceWorkerRegistration | null, message: Message): void {
  registration?.active?.postMessage(message);
}
