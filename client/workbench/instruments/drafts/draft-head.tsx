/** Above a draft: where it comes from, whether it is saved, who else has it open; and the choice where somebody saved a newer text. */
import { useQuery } from '@tanstack/react-query';
import { formatInstant } from '../../../shared/format.ts';
import { type DraftContent, type DraftDetail, noteEditing } from '../../../shared/instruments-api.ts';
import { draftKey } from '../../keys.ts';
import type { Editing, SaveState } from './use-editing.ts';

/** How often a page says that it is open, in milliseconds. */
const report = 20_000;

interface HeadProps {
  readonly draft: DraftDetail;
  readonly editing: Editing;
  /** Whether the panels stand beside the form; without them it has more room. */
  readonly panels: boolean;
  togglePanels(): void;
}

export function DraftHead({ draft, editing, panels, togglePanels }: HeadProps) {
  const { data } = useQuery({
    queryKey: [...draftKey(draft.id), 'editors'],
    queryFn: () => noteEditing(draft.id),
    refetchInterval: report,
    enabled: draft.state === 'open',
  });
  return (
    <div className="stack">
      <p>
        Draft of <code>{draft.instrument}</code>, {originOf(draft)}.{' '}
        <span role="status">{draft.state === 'open' ? wordsOf(editing.state) : ''}</span>
      </p>
      {data && data.others.length > 0 && (
        <p className="notice" role="status">
          {data.others.map(({ name }) => name).join(', ')} {data.others.length === 1 ? 'has' : 'have'} this draft open
          too. Nothing is overwritten: whoever saves second is asked.
        </p>
      )}
      {draft.state === 'open' && (
        <p className="buttons">
          <button type="button" className="button button-small" disabled={!editing.canUndo} onClick={editing.undo}>
            Undo
          </button>
          <button type="button" className="button button-small" disabled={!editing.canRedo} onClick={editing.redo}>
            Redo
          </button>
          {editing.state.is === 'failed' && (
            <button
              type="button"
              className="button button-small"
              onClick={() => void editing.flush().catch(() => undefined)}
            >
              Save again
            </button>
          )}
          <button type="button" className="button button-small" onClick={togglePanels}>
            {panels ? 'Hide the panels' : 'Show the panels'}
          </button>
        </p>
      )}
    </div>
  );
}

function originOf({ origin }: DraftDetail): string {
  if (origin.from === 'blank') return 'begun blank';
  if (origin.from === 'file') return `begun with the file ${origin.name}`;
  return `begun with version ${origin.version} of ${origin.instrument}`;
}

function wordsOf(state: SaveState): string {
  switch (state.is) {
    case 'saved':
      return `All changes are saved (${formatInstant(state.at)}).`;
    case 'waiting':
      return 'Changes are about to be saved.';
    case 'saving':
      return 'Saving…';
    case 'failed':
      return `Not saved: ${state.problem.title} ${state.problem.issues[0]?.message ?? ''}`;
    case 'newer':
      return 'Not saved: somebody else saved a newer text.';
  }
}

/** Both texts; nothing is saved until one is chosen. */
export function NewerText({ editing, newer }: { editing: Editing; newer: DraftContent }) {
  return (
    <section className="notice notice-bad" aria-label="Two texts">
      <p className="notice-title">Somebody else saved this draft while you changed it</p>
      <p>Nothing of yours is saved since. Compare both texts and choose the one to go on with.</p>
      <div className="two-texts">
        <label>
          Theirs, as it is saved
          <textarea readOnly rows={10} value={JSON.stringify(newer, null, 2)} />
        </label>
        <label>
          Yours, in this page
          <textarea readOnly rows={10} value={JSON.stringify(editing.content, null, 2)} />
        </label>
      </div>
      <p className="buttons">
        <button type="button" className="button" onClick={() => editing.settle('theirs')}>
          Go on with theirs
        </button>
        <button type="button" className="button" onClick={() => editing.settle('mine')}>
          Save yours over theirs
        </button>
      </p>
    </section>
  );
}
