/** /studies/:study/people/:person/rights: what is held on one person, their copy of it, withdrawal and erasure. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { roleTitles } from '../../../instruments/study.ts';
import { formatDay, formatNumber, noFigure } from '../../shared/format.ts';
import {
  erasePerson,
  getIdentity,
  getPersonRights,
  type Identity,
  type PersonRights,
  personRecordUrl,
  withdrawPerson,
} from '../../shared/rights-api.ts';
import { personRightsKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Loaded, ProblemView } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { useStudyDetail, WithdrawalTable } from './rights.tsx';

export function PersonRightsPage() {
  const { study = '', person = '' } = useParams();
  const query = useQuery({ queryKey: personRightsKey(study, person), queryFn: () => getPersonRights(study, person) });
  return (
    <Loaded query={query} what="what is held on the person" heading="Rights of a person">
      {(rights) => <PersonView study={study} rights={rights} />}
    </Loaded>
  );
}

function PersonView({ study, rights }: { study: string; rights: PersonRights }) {
  const detail = useStudyDetail(study);
  const mayRead = useMay('identity.read', study);
  const mayManage = useMay('person.manage', study);
  const { person, role, school, held, withdrawals } = rights;
  return (
    <Page
      title={`Rights of ${person}`}
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: detail?.study.title ?? 'Study' },
        { to: `/studies/${study}/rights`, title: 'Rights and retention' },
      ]}
      lead={
        <p>
          {roleTitles[role]}
          {school === null ? '' : `, school ${school}`}
        </p>
      }
    >
      <section aria-labelledby="held">
        <h2 id="held">What is held</h2>
        <div className="card">
          <dl className="count-list">
            {(
              [
                ['Name or e-mail address', held.identity ? 'yes' : 'none'],
                ['Invitations', formatNumber(held.invitations)],
                ['Responses under this pseudonym', formatNumber(held.responses)],
                ['Messages', formatNumber(held.messages)],
              ] as const
            ).map(([title, value]) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
        {mayRead && <Who study={study} person={person} held={held.identity} />}
        <p className="soft measure">
          Answers to anonymous surveys are not counted: nothing leads from a person to them. Only the receipt code that
          the person was shown does.
        </p>
      </section>
      {mayRead && (
        <section aria-labelledby="copy">
          <h2 id="copy">A copy for the person</h2>
          <p className="soft measure">
            Everything that is held on the person, to hand over. Each download is in the audit.
          </p>
          <p className="page-actions">
            <a className="button" href={personRecordUrl(study, person, 'html')} download>
              Download as a page
            </a>
            <a className="button" href={personRecordUrl(study, person, 'json')} download>
              Download as JSON
            </a>
          </p>
        </section>
      )}
      {mayManage && <Steps study={study} rights={rights} />}
      {withdrawals.length > 0 && (
        <section aria-labelledby="withdrawn">
          <h2 id="withdrawn">Withdrawals</h2>
          <div className="card">
            <WithdrawalTable study={study} withdrawals={withdrawals} />
          </div>
        </section>
      )}
    </Page>
  );
}

/** Not shown until somebody asks, because each reading is in the audit. */
function Who({ study, person, held }: { study: string; person: string; held: boolean }) {
  const [identity, setIdentity] = useState<Identity | null>(null);
  const [error, setError] = useState<unknown>(null);
  if (!held) return null;
  const show = async () => {
    setError(null);
    try {
      setIdentity((await getIdentity(study, person)).identity);
      announce('Name and e-mail address are shown.');
    } catch (reason) {
      setError(reason);
    }
  };
  if (error !== null) return <ProblemView error={error} retry={() => void show()} />;
  if (identity === null) {
    return (
      <p>
        <button type="button" className="button button-small" onClick={() => void show()}>
          Show who this is
        </button>{' '}
        <span className="soft">Each reading is in the audit.</span>
      </p>
    );
  }
  return (
    <dl className="card count-list">
      <div>
        <dt>Name</dt>
        <dd>{identity.name ?? noFigure}</dd>
      </div>
      <div>
        <dt>E-mail address</dt>
        <dd>{identity.email ?? noFigure}</dd>
      </div>
    </dl>
  );
}

type Step = 'withdraw' | 'erase' | 'both';
const stepTexts: Readonly<Record<Step, { open: string; title: string; text: string; done: string }>> = {
  withdraw: {
    open: 'Withdraw their answers',
    title: 'Withdraw all answers of',
    text: 'All answers under this pseudonym are removed for good, with unfinished ones. A mark stays that keeps the counts right. The person is not asked again.',
    done: 'The answers have been withdrawn.',
  },
  erase: {
    open: 'Erase who this is',
    title: 'Erase the identity of',
    text: 'Name, e-mail address and messages are removed for good. The answers stay under a pseudonym that nobody can resolve. A later import of the roster does not bring them back.',
    done: 'The identity has been erased.',
  },
  both: {
    open: 'Erase and withdraw',
    title: 'Erase the identity and withdraw all answers of',
    text: 'Name, e-mail address, messages and all answers under this pseudonym are removed for good.',
    done: 'The identity has been erased and the answers have been withdrawn.',
  },
};

function Steps({ study, rights }: { study: string; rights: PersonRights }) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step | null>(null);
  const { person, mayWithdraw, withdrawUntil } = rights;
  const steps: readonly Step[] = mayWithdraw ? ['withdraw', 'erase', 'both'] : ['erase'];
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">When the person asks for it</h2>
      {withdrawUntil !== null && (
        <p className="soft">
          {mayWithdraw
            ? `Answers can be withdrawn until ${formatDay(withdrawUntil)}.`
            : `The last day for withdrawing was ${formatDay(withdrawUntil)}.`}
        </p>
      )}
      <p className="page-actions">
        {steps.map((one) => (
          <button key={one} type="button" className="button button-danger-quiet" onClick={() => setStep(one)}>
            {stepTexts[one].open}
          </button>
        ))}
      </p>
      {step && (
        <ConfirmDialog
          title={`${stepTexts[step].title} ${person}?`}
          confirm={stepTexts[step].open}
          danger
          close={() => setStep(null)}
          act={async () => {
            if (step === 'withdraw') await withdrawPerson(study, person);
            else await erasePerson(study, person, step === 'both');
            announce(stepTexts[step].done);
            await client.invalidateQueries({ queryKey: personRightsKey(study, person) });
          }}
        >
          <p>{stepTexts[step].text} This cannot be undone.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
