/** One member: its history, and the ways to correct it, to tell of a change, to take the last back, to remove it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { Link } from 'react-router';
import {
  getRosterMember,
  type HistoryEntry,
  type MemberDetail,
  type MemberKind,
  removeRosterMember,
  type StudyDetail,
  undoRosterMember,
} from '../../shared/api.ts';
import { formatDay } from '../../shared/format.ts';
import { rosterKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Loaded, ProblemView } from '../parts/loaded.tsx';
import { ChangeDialog, EditDialog, oneOf } from './member-form.tsx';

interface ManageProps {
  readonly kind: MemberKind;
  readonly detail: StudyDetail;
  readonly id: string;
  readonly done: () => Promise<unknown>;
  readonly close: () => void;
}

export function ManageDialog(props: ManageProps) {
  const { kind, detail, id } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [step, setStep] = useState<'edit' | 'change' | null>(null);
  const client = useQueryClient();
  const key = [...rosterKey(detail.study.id), kind, 'member', id];
  const query = useQuery({ queryKey: key, queryFn: () => getRosterMember(detail.study.id, kind, id), staleTime: 0 });
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  const done = async () => {
    await client.invalidateQueries({ queryKey: key });
    await props.done();
  };
  const leave = () => setStep(null);
  const found = query.data;
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={title}
      onClose={(event) => event.target === dialog.current && props.close()}
    >
      <h2 id={title}>{found?.member.name ?? found?.identity?.name ?? id}</h2>
      <Loaded query={query} what={`the ${oneOf[kind]}`}>
        {(member) => (
          <>
            <div className="dialog-text">
              <History history={member.history} />
            </div>
            <Steps {...props} found={member} choose={setStep} done={done} gone={() => dialog.current?.close()} />
          </>
        )}
      </Loaded>
      <div className="dialog-buttons">
        {kind === 'people' && (
          <Link className="button" to={`/studies/${detail.study.id}/people/${encodeURIComponent(id)}/rights`}>
            Rights of the person
          </Link>
        )}
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      {step === 'edit' && found && <EditDialog kind={kind} detail={detail} found={found} done={done} close={leave} />}
      {step === 'change' && found && (
        <ChangeDialog kind={kind} detail={detail} found={found} done={done} close={leave} />
      )}
    </dialog>
  );
}

const kindTitles: Readonly<Record<HistoryEntry['kind'], string>> = {
  edit: 'Corrected',
  enter: 'Entered late',
  move: 'Moved',
  leave: 'Left',
  return: 'Returned',
  import: 'Changed by a file',
};

function History({ history }: { history: readonly HistoryEntry[] }) {
  if (history.length === 0) return <p className="soft">Nothing has changed since it was added.</p>;
  return (
    <>
      <h3>History</h3>
      <ol className="history">
        {history.map((entry) => (
          <li key={entry.id}>
            <strong>{kindTitles[entry.kind]}</strong>
            {entry.on && `, ${entry.kind === 'leave' ? 'last day' : 'from'} ${formatDay(entry.on)}`}: {entry.reason}
            <br />
            <small className="soft">
              {entry.by}, {formatDay(entry.at.slice(0, 10))}
            </small>
          </li>
        ))}
      </ol>
    </>
  );
}

function Steps(
  props: ManageProps & {
    found: MemberDetail;
    choose: (step: 'edit' | 'change') => void;
    done: () => Promise<unknown>;
    gone: () => void;
  },
) {
  const { kind, detail, id, found } = props;
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const last = found.history.at(-1);
  const act = async (work: () => Promise<unknown>, said: string) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      announce(said);
      await props.done();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error !== null && <ProblemView error={error} />}
      <p className="row-steps">
        <button type="button" className="button button-main" disabled={busy} onClick={() => props.choose('change')}>
          Tell of a change
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => props.choose('edit')}>
          Correct
        </button>
        {last && (
          <button
            type="button"
            className="button"
            disabled={busy}
            onClick={() =>
              void act(
                () => undoRosterMember(detail.study.id, kind, id, { revision: found.revision, entry: last.id }),
                'The last change has been taken back.',
              )
            }
          >
            Take the last change back
          </button>
        )}
        <button
          type="button"
          className="button button-danger-quiet"
          disabled={busy}
          onClick={() =>
            void act(async () => {
              await removeRosterMember(detail.study.id, kind, id);
              props.gone();
            }, `Removed ${id}.`)
          }
        >
          Remove: added by mistake
        </button>
      </p>
    </>
  );
}
