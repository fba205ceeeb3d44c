/** Writes down a call to a school: when, by whom, what was said, and until when the school stays off the list. */
import { useEffect, useId, useRef, useState } from 'react';
import { type CallRow, recordCall } from '../../shared/api.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Form, type Wrong } from '../parts/form.tsx';
import { useSessionQuery } from '../session.tsx';
import { useFieldwork } from './administration.tsx';

interface CallDialogProps {
  readonly row: CallRow;
  /** ISO day of the study. */
  readonly today: string;
  readonly close: () => void;
  readonly done: () => Promise<unknown>;
}

export function CallDialog({ row, today, close, done }: CallDialogProps) {
  const { administration, detail } = useFieldwork();
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  // One call has one key: sent twice over a bad line, it is stored once.
  const [key] = useState(() => crypto.randomUUID());
  const account = useSessionQuery().data?.account;

  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={title} onClose={close}>
      <h2 id={title}>Call to {row.title}</h2>
      <Form
        submit="Keep this call"
        check={({ said = '' }): Wrong =>
          said.trim() === '' ? { said: 'Say in a few words what came of the call.' } : {}
        }
        send={async ({ on = today, by = '', said = '', hideUntil = '' }) => {
          const call = { key, school: row.school, on, by, said, hideUntil: hideUntil === '' ? null : hideUntil };
          await recordCall(detail.study.id, administration.id, call);
          announce(`The call to ${row.title} is kept.`);
          await done();
          dialog.current?.close();
        }}
      >
        {(wrong) => (
          <>
            <Field label="Day" name="on" type="date" defaultValue={today} max={today} error={wrong.on ?? null} />
            <Field label="By" name="by" defaultValue={account?.name ?? ''} error={wrong.by ?? null} />
            <Field
              label="What was said"
              name="said"
              maxLength={1000}
              hint="No names of staff: colleagues of the study read this."
              error={wrong.said ?? null}
            />
            <Field
              label="Leave alone until (if wanted)"
              name="hideUntil"
              type="date"
              min={today}
              error={wrong.hideUntil ?? null}
            />
          </>
        )}
      </Form>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
