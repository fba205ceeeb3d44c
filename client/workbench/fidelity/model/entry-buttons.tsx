/** What can be done with one of several parts of a draft: edited, moved, removed. Used by the lists of this folder. */
import { useEffect, useRef, useState } from 'react';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { ProblemView } from '../../parts/loaded.tsx';

interface Entry {
  readonly id: string;
  readonly title: string;
}

interface EntryProps {
  readonly entry: Entry;
  readonly entries: readonly Entry[];
  readonly edit: () => void;
  /** Puts them in the place of all; null where the order says nothing. */
  readonly move: ((ids: readonly string[]) => Promise<unknown>) | null;
  readonly remove: () => Promise<unknown>;
  /** What goes with it. */
  readonly removes: string;
}

export function EntryButtons({ entry, entries, edit, move, remove, removes }: EntryProps) {
  const [removing, setRemoving] = useState(false);
  return (
    <span className="entry-buttons">
      <button type="button" className="button button-small" onClick={edit}>
        Edit<span className="visually-hidden"> {entry.title}</span>
      </button>
      {move && (
        <>
          <MoveButton entry={entry} entries={entries} by={-1} move={move} />
          <MoveButton entry={entry} entries={entries} by={1} move={move} />
        </>
      )}
      <button type="button" className="button button-small" onClick={() => setRemoving(true)}>
        Remove<span className="visually-hidden"> {entry.title}</span>
      </button>
      {removing && (
        <ConfirmDialog
          title={`Remove ${entry.title}`}
          confirm="Remove"
          danger
          close={() => setRemoving(false)}
          act={remove}
        >
          <p>It is taken out of this draft{removes}. Published versions keep it.</p>
        </ConfirmDialog>
      )}
    </span>
  );
}

interface MoveProps {
  readonly entry: Entry;
  readonly entries: readonly Entry[];
  readonly by: 1 | -1;
  readonly move: (ids: readonly string[]) => Promise<unknown>;
}

function MoveButton({ entry, entries, by, move }: MoveProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [error, setError] = useState<unknown>(null);
  const back = useRef(false);
  const ids = entries.map(({ id }) => id);
  const at = ids.indexOf(entry.id);
  const possible = at + by >= 0 && at + by < ids.length;
  // The browser takes the focus from what moves in the document; whoever moves something on presses the same button again.
  useEffect(() => {
    if (at < 0 || !back.current) return;
    back.current = false;
    button.current?.focus();
  }, [at]);
  const act = async () => {
    if (!possible) return;
    const next = [...ids];
    next.splice(at, 1);
    next.splice(at + by, 0, entry.id);
    back.current = true;
    setError(null);
    try {
      await move(next);
    } catch (reason) {
      back.current = false;
      setError(reason);
    }
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button button-small"
        aria-disabled={!possible}
        onClick={() => void act()}
      >
        <span aria-hidden="true">{by < 0 ? '↑' : '↓'}</span>
        <span className="visually-hidden">
          Move {entry.title} {by < 0 ? 'up' : 'down'}
        </span>
      </button>
      {error !== null && <ProblemView error={error} heading="The order is as it was" />}
    </>
  );
}
