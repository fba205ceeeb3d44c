/**
 * Long work that several people ask for at once is done once: whoever comes while it is under way waits for the same result and
 * hears of its progress; it ends early only when nobody waits any more. Called by the figures of a study's reports.
 */
import { type ShareDone, untold } from '../analysis/progress.ts';
import { ReaderGone } from './datasets/formats/body.ts';

/** What somebody who waits hears, and by what they leave. */
interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly onShare?: ShareDone | undefined;
}

interface Work<T> {
  readonly controller: AbortController;
  readonly listeners: Set<ShareDone>;
  /** How much is done. */
  readonly done: { share: number };
  readonly result: Promise<T>;
}

/** A place to share work of one kind by name, apart for each owner. */
export function sharer<T>() {
  const byOwner = new WeakMap<object, Map<string, Work<T>>>();
  return async (
    owner: object,
    name: string,
    { signal, onShare = untold }: Waiting,
    start: (task: Required<Waiting>) => Promise<T>,
  ): Promise<T> => {
    if (signal?.aborted) throw new ReaderGone();
    const all = byOwner.get(owner) ?? new Map<string, Work<T>>();
    byOwner.set(owner, all);
    const work = all.get(name) ?? begin(all, name, start);
    // A function of one's own, so that two who pass the same one are two.
    const listener: ShareDone = (share) => onShare(share);
    work.listeners.add(listener);
    if (work.done.share > 0) listener(work.done.share);
    let onAbort = () => {};
    const leave = new Promise<never>((_, reject) => {
      onAbort = () => reject(new ReaderGone());
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await (signal ? Promise.race([work.result, leave]) : work.result);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      work.listeners.delete(listener);
      if (work.listeners.size === 0) {
        // Done, or wanted by nobody: whoever comes next begins anew.
        if (all.get(name) === work) all.delete(name);
        work.controller.abort();
      }
    }
  };
}

function begin<T>(all: Map<string, Work<T>>, name: string, start: (task: Required<Waiting>) => Promise<T>): Work<T> {
  const controller = new AbortController();
  const listeners = new Set<ShareDone>();
  const done = { share: 0 };
  const onShare: ShareDone = (share) => {
    done.share = share;
    for (const listener of listeners) listener(share);
  };
  const work: Work<T> = { controller, listeners, done, result: start({ signal: controller.signal, onShare }) };
  all.set(name, work);
  // Where everybody has left, nobody hears of the failure that follows.
  work.result.catch(() => undefined);
  return work;
}
