/** /studies/:study/rights: until when people may withdraw, how long what is kept, withdrawals, and the way to one person. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { getStudy } from '../../shared/api.ts';
import { counted, formatDay, formatNumber, noFigure } from '../../shared/format.ts';
import {
  getRetention,
  listWithdrawals,
  type Retention,
  type RetentionKind,
  setRetention,
  type Withdrawal,
  withdrawByCode,
} from '../../shared/rights-api.ts';
import { rightsKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Field, Form } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { useMay } from '../session.tsx';

const kindTexts: Readonly<Record<RetentionKind, { title: string; text: string; one: string; many?: string }>> = {
  identities: {
    title: 'Names and e-mail addresses',
    text: 'Pseudonyms and answers stay.',
    one: 'person',
    many: 'people',
  },
  links: {
    title: 'Survey links',
    text: 'Who was invited and has responded stays; no link leads to it any more.',
    one: 'link',
  },
  messages: { title: 'Messages', text: 'The record of what was sent to whom.', one: 'message' },
  paradata: { title: 'Times on pages', text: 'How long pages were open, and on which kind of device.', one: 'record' },
  answers: { title: 'Answers', text: 'All responses of the study, with times on pages.', one: 'response' },
};

export function RightsPage() {
  const { study = '' } = useParams();
  const mayManage = useMay('person.manage', study);
  const query = useQuery({ queryKey: rightsKey(study), queryFn: () => getRetention(study) });
  const detail = useStudyDetail(study);
  return (
    <Page
      title="Rights and retention"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: detail?.study.title ?? 'Study' },
      ]}
      lead={<p>What people may ask for, and how long the study keeps what it has.</p>}
    >
      <FindPerson study={study} />
      <Loaded query={query} what="the dates">
        {(retention) => (
          <>
            <Dates study={study} retention={retention} />
            <Removals retention={retention} />
          </>
        )}
      </Loaded>
      {mayManage && <Withdrawals study={study} />}
    </Page>
  );
}

function FindPerson({ study }: { study: string }) {
  const navigate = useNavigate();
  return (
    <section aria-labelledby="one-person">
      <h2 id="one-person">One person</h2>
      <p className="soft measure">
        See what is held on somebody, hand it to them, withdraw their answers or erase who they are.
      </p>
      <div className="card card-narrow">
        <Form
          submit="Open"
          check={({ person = '' }) =>
            person.trim() ? ({} as Record<string, string>) : { person: 'Give the pseudonym.' }
          }
          send={async ({ person = '' }) => {
            await navigate(`/studies/${study}/people/${encodeURIComponent(person.trim())}/rights`);
          }}
        >
          {(wrong) => (
            <Field
              label="Pseudonym"
              name="person"
              autoComplete="off"
              hint="As the roster has it."
              required
              error={wrong.person ?? null}
            />
          )}
        </Form>
      </div>
    </section>
  );
}

function Dates({ study, retention }: { study: string; retention: Retention }) {
  const client = useQueryClient();
  const mayManage = useMay('study.manage', study);
  const save = async (values: Readonly<Record<string, string>>) => {
    const day = (name: string) => values[name] || null;
    const dates = Object.fromEntries(retention.kinds.map(({ kind }) => [kind, day(kind)])) as Record<
      RetentionKind,
      string | null
    >;
    const answer = await setRetention(study, { withdrawUntil: day('withdrawUntil'), dates });
    client.setQueryData(rightsKey(study), answer);
    announce('The dates have been saved.');
  };
  return (
    <section aria-labelledby="dates">
      <h2 id="dates">Last days</h2>
      <p className="soft measure">
        On the day after a last day, in the time zone {retention.timeZone}, what it stands for is removed for good.
        Without a day it is kept.
      </p>
      <div className="card">
        {mayManage ? (
          <Form key={JSON.stringify(retention)} submit="Save the dates" send={save}>
            {(wrong) => (
              <>
                <Field
                  label="People may withdraw their answers until"
                  name="withdrawUntil"
                  type="date"
                  defaultValue={retention.withdrawUntil ?? ''}
                  hint="Without a day: at any time. Respondents are told the day."
                  error={wrong.withdrawUntil ?? null}
                />
                {retention.kinds.map(({ kind, until, held }) => (
                  <Field
                    key={kind}
                    label={`${kindTexts[kind].title} are kept until`}
                    name={kind}
                    type="date"
                    defaultValue={until ?? ''}
                    hint={`${kindTexts[kind].text} ${prospect(kind, until, held)}`}
                    error={wrong[`dates.${kind}`] ?? null}
                  />
                ))}
              </>
            )}
          </Form>
        ) : (
          <dl className="count-list">
            <div>
              <dt>People may withdraw until</dt>
              <dd>{retention.withdrawUntil ? formatDay(retention.withdrawUntil) : 'any time'}</dd>
            </div>
            {retention.kinds.map(({ kind, until }) => (
              <div key={kind}>
                <dt>{kindTexts[kind].title}</dt>
                <dd>{until ? `until ${formatDay(until)}` : 'kept'}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </section>
  );
}

function prospect(kind: RetentionKind, until: string | null, held: number): string {
  const { one, many } = kindTexts[kind];
  if (until === null) return `${counted(held, one, many)} at present.`;
  return `After ${formatDay(until)}, ${counted(held, one, many)} will go.`;
}

function Removals({ retention }: { retention: Retention }) {
  return (
    <section aria-labelledby="removals">
      <h2 id="removals">What was removed</h2>
      <div className="card">
        {retention.removals.length === 0 ? (
          <Empty title="Nothing was removed yet" />
        ) : (
          <ScrollRegion label="What was removed">
            <table>
              <caption className="visually-hidden">What was removed after its last day</caption>
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">Kept until</th>
                  <th scope="col">Removed on</th>
                  <th scope="col" className="integer">
                    How many
                  </th>
                </tr>
              </thead>
              <tbody>
                {retention.removals.map(({ kind, until, at, removed }) => (
                  <tr key={`${kind} ${at}`}>
                    <th scope="row">{kindTexts[kind].title}</th>
                    <td>{formatDay(until)}</td>
                    <td>{formatDay(at.slice(0, 10))}</td>
                    <td className="integer">{formatNumber(removed)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        )}
      </div>
    </section>
  );
}

const byTexts: Readonly<Record<Withdrawal['by'], string>> = {
  respondent: 'the person',
  evaluator: 'the evaluation team',
  command: 'a command',
};

function Withdrawals({ study }: { study: string }) {
  const query = useQuery({ queryKey: [...rightsKey(study), 'withdrawals'], queryFn: () => listWithdrawals(study) });
  const [code, setCode] = useState<string | null>(null);
  return (
    <section aria-labelledby="withdrawals">
      <h2 id="withdrawals">Withdrawals</h2>
      <div className="card card-narrow">
        <Form
          submit="Withdraw"
          check={({ code: given = '' }) =>
            given.trim() ? ({} as Record<string, string>) : { code: 'Give the receipt code.' }
          }
          send={async ({ code: given = '' }) => setCode(given)}
        >
          {(wrong) => (
            <Field
              label="Receipt code"
              name="code"
              autoComplete="off"
              hint="Whoever answered without a link of their own was shown one after sending."
              required
              error={wrong.code ?? null}
            />
          )}
        </Form>
      </div>
      <Loaded query={query} what="the withdrawals">
        {({ withdrawals }) => (
          <div className="card">
            {withdrawals.length === 0 ? (
              <Empty title="Nobody has withdrawn" />
            ) : (
              <WithdrawalTable study={study} withdrawals={withdrawals} />
            )}
          </div>
        )}
      </Loaded>
      {code !== null && <CodeDialog study={study} code={code} close={() => setCode(null)} />}
    </section>
  );
}

/** The study, for its title and those of its administrations; undefined until it is there. */
export function useStudyDetail(study: string) {
  return useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) }).data;
}

/** Withdrawals of a study or of one person. */
export function WithdrawalTable({ study, withdrawals }: { study: string; withdrawals: readonly Withdrawal[] }) {
  const detail = useStudyDetail(study);
  const titleOf = (administration: string) =>
    detail?.administrations.find(({ id }) => id === administration)?.title ?? administration;
  return (
    <ScrollRegion label="Withdrawals">
      <table>
        <caption className="visually-hidden">Withdrawals</caption>
        <thead>
          <tr>
            <th scope="col">Confirmation code</th>
            <th scope="col">Day</th>
            <th scope="col">Whose</th>
            <th scope="col">What</th>
            <th scope="col">Asked for by</th>
            <th scope="col" className="integer">
              Responses
            </th>
          </tr>
        </thead>
        <tbody>
          {withdrawals.map((one) => (
            <tr key={one.confirmation}>
              <th scope="row">{one.confirmation}</th>
              <td>{formatDay(one.on)}</td>
              <td className="text">{one.person ?? noFigure}</td>
              <td className="text">{one.administration === null ? 'The whole study' : titleOf(one.administration)}</td>
              <td className="text">{byTexts[one.by]}</td>
              <td className="integer">{formatNumber(one.responses)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function CodeDialog({ study, code, close }: { study: string; code: string; close: () => void }) {
  const client = useQueryClient();
  return (
    <ConfirmDialog
      title="Withdraw the answers of this code?"
      confirm="Withdraw the answers"
      danger
      close={close}
      act={async () => {
        const { confirmation } = await withdrawByCode(study, code);
        announce(`The answers have been withdrawn. Confirmation code: ${confirmation}`);
        await client.invalidateQueries({ queryKey: rightsKey(study) });
      }}
    >
      <p>The answers of the code {code.trim()} are removed for good. A mark stays that keeps the counts right.</p>
    </ConfirmDialog>
  );
}
