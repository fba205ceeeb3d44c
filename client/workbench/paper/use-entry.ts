/**
 * What is typed into a form, kept on the server as it comes: a save a moment after the last change, one at a time, each on
 * the revision that the one before gave. With the steps for taking the last field back. Used by `entry.tsx`.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { cellAt, type PaperCell, type PaperCells } from '../../../instruments/paper-entry/cells.ts';
import { ApiProblem } from '../../shared/http.ts';
import type { PaperDetail, paperForm } from '../../shared/paper-api.ts';

const pauseMs = 700;

export type Saving = 'saved' | 'saving' | 'failed' | 'stale';

interface Step {
  readonly key: string;
  readonly before: PaperCell | undefined;
}

export function useEntry(form: PaperDetail, steps: ReturnType<typeof paperForm>) {
  const [cells, setCells] = useState<PaperCells>(form.cells ?? {});
  const [saving, setSaving] = useState<Saving>('saved');
  const [history, setHistory] = useState<readonly Step[]>([]);
  const latest = useRef(cells);
  const revision = useRef(form.revision);
  const unsaved = useRef(false);
  const running = useRef(Promise.resolve());
  const timer = useRef<number | undefined>(undefined);

  const work = useCallback(async () => {
    while (unsaved.current) {
      unsaved.current = false;
      setSaving('saving');
      try {
        revision.current = (await steps.save(revision.current, latest.current)).revision;
        setSaving('saved');
      } catch (error) {
        unsaved.current = true;
        const stale = error instanceof ApiProblem && error.status >= 400 && error.status < 500;
        setSaving(stale ? 'stale' : 'failed');
        return;
      }
    }
  }, [steps]);

  /** Sends what is not saved; resolves when nothing is on its way any more. */
  const flush = useCallback(async () => {
    window.clearTimeout(timer.current);
    running.current = running.current.then(work);
    await running.current;
  }, [work]);

  const change = useCallback(
    (next: PaperCells) => {
      latest.current = next;
      unsaved.current = true;
      setCells(next);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void flush(), pauseMs);
    },
    [flush],
  );

  const put = useCallback(
    (key: string, cell: PaperCell | undefined) => {
      const before = cellAt(latest.current, key);
      setHistory((all) => [...all, { key, before }]);
      const next = withCell(latest.current, key, cell);
      change(next);
      return next;
    },
    [change],
  );

  /** Takes the last change of a field back; the field, or null when there is none. */
  const undo = (): string | null => {
    const last = history.at(-1);
    if (!last) return null;
    // What was typed letter by letter into one field is one change.
    const from = history.findLastIndex(({ key }) => key !== last.key) + 1;
    const first = history[from] ?? last;
    setHistory(history.slice(0, from));
    change(withCell(latest.current, last.key, first.before));
    return last.key;
  };

  // Whoever leaves the page leaves nothing behind.
  useEffect(() => {
    const leave = () => void flush();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [flush]);

  return {
    cells,
    saving,
    put,
    undo,
    mayUndo: history.length > 0,
    flush,
    latest: () => latest.current,
    revision: () => revision.current,
  };
}

function withCell(cells: PaperCells, key: string, cell: PaperCell | undefined): PaperCells {
  const { [key]: _, ...others } = cells;
  return cell === undefined ? others : { ...others, [key]: cell };
}
