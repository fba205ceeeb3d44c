/** The messages of an administration: sending, what is planned, and the log of what became of each. */
import { Link } from 'react-router';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { Bounces } from './bounces.tsx';
import { MessageLog } from './log.tsx';
import { Mailings } from './mailings.tsx';
import { SendForm } from './send-form.tsx';

export function MessagesPart() {
  const { administration, detail } = useFieldwork();
  const mayRead = useMay('message.read', detail.study.id);
  const maySend = useMay('message.send', detail.study.id);
  if (!mayRead) {
    return (
      <Part title="Messages" of={administration.title}>
        <NotYours title="The messages are for evaluators and administrators">
          They write to the people of the study and see what became of each message.
        </NotYours>
      </Part>
    );
  }
  const texts = `/studies/${detail.study.id}/administrations/${administration.id}/texts`;
  return (
    <Part
      title="Messages"
      of={administration.title}
      actions={
        <Link className="button" to={texts}>
          Texts of messages
        </Link>
      }
    >
      {maySend && <SendForm />}
      <Mailings />
      <MessageLog />
      {maySend && <Bounces />}
    </Part>
  );
}
