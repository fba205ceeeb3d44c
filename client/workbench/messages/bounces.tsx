/** Marks addresses whose messages came back: from a list, or from the text of the messages that said so. */
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { counted } from '../../shared/format.ts';
import { markBounces } from '../../shared/messages-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { Form, type Wrong } from '../parts/form.tsx';

export function Bounces() {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const id = useId();
  const [done, setDone] = useState('');
  return (
    <section aria-labelledby="bounces">
      <h3 id="bounces">Messages that came back</h3>
      <div className="card card-narrow">
        <Form
          submit="Mark these addresses"
          check={check}
          send={async ({ text = '' }) => {
            const { addresses, people, marked } = await markBounces(detail.study.id, text);
            setDone(
              `${counted(addresses, 'address', 'addresses')} read, ${counted(people, 'person', 'people')} found, ${marked} newly marked.`,
            );
            await client.invalidateQueries({ queryKey: administrationKey(detail.study.id, administration.id) });
          }}
        >
          {(wrong) => (
            <div className={wrong.text ? 'field field-wrong' : 'field'}>
              <label htmlFor={id}>Addresses, or the text of what came back</label>
              <p className="field-hint" id={`${id}-hint`}>
                An address that a mail server refuses at once is marked by itself. Nothing more goes to a marked
                address; correct it in the roster, and the person is written to again.
              </p>
              {wrong.text && (
                <p className="field-error" id={`${id}-error`}>
                  {wrong.text}
                </p>
              )}
              <textarea
                id={id}
                name="text"
                rows={4}
                aria-describedby={wrong.text ? `${id}-hint ${id}-error` : `${id}-hint`}
                {...(wrong.text ? { 'aria-invalid': true } : {})}
              />
            </div>
          )}
        </Form>
        <p role="status">{done}</p>
      </div>
    </section>
  );
}

function check({ text = '' }: Readonly<Record<string, string>>): Wrong {
  return text.includes('@') ? {} : { text: 'Give at least one e-mail address.' };
}
