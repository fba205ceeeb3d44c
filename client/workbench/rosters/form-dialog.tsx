/** A form in the browser's own modal dialog; used by the roster's lists. */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Form, type Wrong } from '../parts/form.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly submit: string;
  readonly check?: (values: Readonly<Record<string, string>>) => Wrong;
  readonly send: (values: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Called once the dialog has gone, whichever way. */
  readonly close: () => void;
  readonly children: (wrong: Wrong) => ReactNode;
}

export function FormDialog(props: FormDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} onClose={props.close}>
      <h2 id={title}>{props.title}</h2>
      <Form
        submit={props.submit}
        {...(props.check ? { check: props.check } : {})}
        send={async (values) => {
          await props.send(values);
          dialog.current?.close();
        }}
      >
        {props.children}
      </Form>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
