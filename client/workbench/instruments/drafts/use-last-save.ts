/**
 * Saves what is not saved yet when its page is left: for another page of the workbench, for another site, or by closing it. Where
 * that may not be enough, the browser asks whether to leave. Used by use-editing.ts.
 */
import { useEffect, useRef } from 'react';

interface Unsaved {
  isUnsaved(): boolean;
  save(): Promise<unknown>;
  /** With a request that outlives the page. */
  saveAtOnce(): Promise<unknown>;
}

/** Saves that went on when their pages were left, by draft. */
const leftBehind = new Map<string, Promise<unknown>>();

/** Until nothing of this draft is being saved any more by a page that was left. */
export const savesLeftBehind = async (draft: string): Promise<void> => void (await leftBehind.get(draft));

export function useLastSave(draft: string, unsaved: Unsaved): void {
  const latest = useRef(unsaved);
  latest.current = unsaved;

  useEffect(() => {
    const whenHidden = () => {
      if (document.visibilityState === 'hidden' && latest.current.isUnsaved()) void latest.current.save().catch(quiet);
    };
    const beforeLeaving = (event: BeforeUnloadEvent) => {
      if (!latest.current.isUnsaved()) return;
      event.preventDefault();
      void latest.current.save().catch(quiet);
    };
    const whenLeft = () => {
      if (latest.current.isUnsaved()) void latest.current.saveAtOnce().catch(quiet);
    };
    document.addEventListener('visibilitychange', whenHidden);
    window.addEventListener('beforeunload', beforeLeaving);
    window.addEventListener('pagehide', whenLeft);
    return () => {
      document.removeEventListener('visibilitychange', whenHidden);
      window.removeEventListener('beforeunload', beforeLeaving);
      window.removeEventListener('pagehide', whenLeft);
      if (!latest.current.isUnsaved()) return;
      const saving = latest.current
        .save()
        .catch(quiet)
        .finally(() => leftBehind.delete(draft));
      leftBehind.set(draft, saving);
    };
  }, [draft]);
}

/** There is no page any more on which it could be told. */
const quiet = () => undefined;
