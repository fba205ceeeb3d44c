/** Questions before a step that cannot be taken back lightly, in the browser's own modal dialog. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ProblemView } from './loaded.tsx';

interface ConfirmProps {
  readonly title: string;
  /** What the step does. */
  readonly children: ReactNode;
  /** Text of the button that takes the step. */
  readonly confirm: string;
  readonly danger?: boolean;
  /** The step itself; when it rejects, the dialog stays and shows why. */
  readonly act: () => Promise<unknown>;
  /** Called once the dialog has gone, whichever way. */
  readonly close: () => void;
}

/** Shown while it is rendered. The browser gives the focus back to the opener when it goes. */
export function ConfirmDialog(props: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const text = useId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);

  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await props.act();
      dialog.current?.close();
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} aria-describedby={text} onClose={props.close}>
      <h2 id={title}>{props.title}</h2>
      <div id={text} className="dialog-text">
        {props.children}
      </div>
      {error !== null && <ProblemView error={error} />}
      <div className="dialog-buttons">
        <button type="button" className="button" disabled={busy} onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button
          type="button"
          className={props.danger ? 'button button-danger' : 'button button-main'}
          disabled={busy}
          onClick={() => void act()}
        >
          {busy ? 'One moment…' : props.confirm}
        </button>
      </div>
    </dialog>
  );
}
