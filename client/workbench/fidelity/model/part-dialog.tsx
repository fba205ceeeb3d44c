/**
 * The dialog in which a part of a draft is edited: what the server refuses, and what keeps the draft from being published,
 * stands at the field that it is about. Used by all forms of this folder.
 */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { Issue } from '../../../../instruments/instrument.ts';
import { Form, type Wrong } from '../../parts/form.tsx';
import type { Fields } from './part-words.ts';
import { fieldIn, issuesOf } from './places.ts';

interface PartDialogProps {
  readonly title: string;
  /** Path of the part in the model, like `components.3`. */
  readonly part: string;
  readonly issues: readonly Issue[];
  readonly check?: (values: Fields) => Wrong;
  readonly save: (values: Fields) => Promise<unknown>;
  /** Called once the dialog has gone, whichever way. */
  readonly close: () => void;
  readonly children: (wrong: Wrong) => ReactNode;
}

export function PartDialog({ title, part, issues, check, save, close, children }: PartDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog dialog-wide" aria-labelledby={heading} onClose={close}>
      <h2 id={heading}>{title}</h2>
      <Form
        submit="Save"
        keeps
        {...(check ? { check } : {})}
        known={issuesOf(issues, part)}
        fieldOf={fieldIn(part)}
        send={async (values) => {
          await save(values);
          dialog.current?.close();
        }}
      >
        {children}
      </Form>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
