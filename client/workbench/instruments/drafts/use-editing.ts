/**
 * The text of a draft while it is edited: what it is now, the way back and forth, and saving by itself a moment after each
 * change, when the page is left, and again where the network or the server failed. A newer text on the server stops the saving
 * until the person has chosen. Used by the page of a draft.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiProblem } from '../../../shared/http.ts';
import { type DraftContent, type DraftDetail, saveDraft } from '../../../shared/instruments-api.ts';
import { passes, problemOf } from '../../parts/loaded.tsx';
import { useLastSave } from './use-last-save.ts';

/** How long after the last change a draft is saved, in milliseconds. */
const pause = 1000;
const mostSteps = 100;
/** How long after a failure a save is tried again, in milliseconds; each time twice as long. */
const firstRetry = 2_000;
const lastRetry = 60_000;

export type SaveState =
  | { readonly is: 'saved'; readonly at: string }
  | { readonly is: 'waiting' }
  | { readonly is: 'saving' }
  | { readonly is: 'failed'; readonly problem: ApiProblem }
  | { readonly is: 'newer'; readonly revision: number; readonly content: DraftContent };

interface History {
  readonly past: readonly DraftContent[];
  readonly now: DraftContent;
  readonly future: readonly DraftContent[];
}

/** Takes the next text, or makes it of the one that there is by then. */
export type Change = (next: DraftContent | ((was: DraftContent) => DraftContent)) => void;

export interface Editing {
  readonly content: DraftContent;
  readonly revision: number;
  readonly state: SaveState;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  change: Change;
  undo(): void;
  redo(): void;
  /** Saves what is not saved yet; the revision that holds it. Rejects when it cannot be saved. */
  flush(): Promise<number>;
  /** After somebody else saved: keeps one of the two texts. */
  settle(keep: 'mine' | 'theirs'): void;
}

export function useEditing(draft: DraftDetail): Editing {
  const [history, setHistory] = useState<History>({ past: [], now: draft.json, future: [] });
  const [state, setState] = useState<SaveState>({ is: 'saved', at: draft.savedAt });
  const [revision, setRevision] = useState(draft.revision);
  const kept = useRef({ revision: draft.revision, content: draft.json, at: draft.savedAt });
  const failures = useRef(0);
  const running = useRef<Promise<number> | null>(null);
  const current = useRef(history.now);
  current.current = history.now;

  const save = useCallback(async (): Promise<number> => {
    while (kept.current.content !== current.current) {
      const content = current.current;
      setState({ is: 'saving' });
      try {
        const saved = await saveDraft(draft.id, kept.current.revision, content);
        kept.current = { revision: saved.revision, content, at: saved.savedAt };
        failures.current = 0;
        setRevision(saved.revision);
        setState({ is: 'saved', at: saved.savedAt });
      } catch (error) {
        failures.current += 1;
        setState(failed(error));
        throw error;
      }
    }
    return kept.current.revision;
  }, [draft.id]);

  const flush = useCallback((): Promise<number> => {
    running.current ??= save().finally(() => {
      running.current = null;
    });
    return running.current;
  }, [save]);

  const stopped = state.is === 'newer';
  useEffect(() => {
    if (stopped) return;
    if (history.now === kept.current.content) {
      // Back at what is saved: nothing waits any more.
      const { at } = kept.current;
      setState((was) => (was.is === 'waiting' || was.is === 'failed' ? { is: 'saved', at } : was));
      return;
    }
    setState((was) => (was.is === 'saving' ? was : { is: 'waiting' }));
    // What went wrong stands beside the title.
    const timer = setTimeout(() => void flush().catch(() => undefined), pause);
    return () => clearTimeout(timer);
  }, [history.now, stopped, flush]);

  useEffect(() => {
    if (state.is !== 'failed' || !passes(state.problem)) return;
    const retry = () => void flush().catch(() => undefined);
    const timer = setTimeout(retry, Math.min(firstRetry * 2 ** (failures.current - 1), lastRetry));
    window.addEventListener('online', retry);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('online', retry);
    };
  }, [state, flush]);

  useLastSave(draft.id, {
    isUnsaved: () => !stopped && kept.current.content !== current.current,
    save: flush,
    saveAtOnce: () => saveDraft(draft.id, kept.current.revision, current.current, { keepalive: true }),
  });

  return {
    content: history.now,
    revision,
    state,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change: (next) =>
      setHistory(({ past, now }) => ({
        past: [...past.slice(-mostSteps + 1), now],
        now: typeof next === 'function' ? next(now) : next,
        future: [],
      })),
    undo: () =>
      setHistory((was) => {
        const before = was.past.at(-1);
        return before ? { past: was.past.slice(0, -1), now: before, future: [was.now, ...was.future] } : was;
      }),
    redo: () =>
      setHistory((was) => {
        const [next, ...future] = was.future;
        return next ? { past: [...was.past, was.now], now: next, future } : was;
      }),
    flush,
    settle(keep) {
      if (state.is !== 'newer') return;
      const { revision: theirs, content } = state;
      kept.current = { revision: theirs, content, at: new Date().toISOString() };
      setRevision(theirs);
      if (keep === 'theirs') {
        setHistory(({ past, now }) => ({ past: [...past, now], now: content, future: [] }));
        setState({ is: 'saved', at: kept.current.at });
      } else setState({ is: 'waiting' });
    },
  };
}

/** A newer text with what it holds, or any other reason why nothing could be saved. */
function failed(error: unknown): SaveState {
  const problem = problemOf(error);
  const stored = problem.members.stored as { revision: number; instrument: DraftContent } | undefined;
  if (problem.code === 'draft-newer' && stored) {
    return { is: 'newer', revision: stored.revision, content: stored.instrument };
  }
  return { is: 'failed', problem };
}
