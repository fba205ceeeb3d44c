/** Sends invitations or reminders: to whom, when, and what follows; says how many it reaches before anything goes out. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { roles, roleTitles } from '../../../instruments/study.ts';
import { counted, formatNumber } from '../../shared/format.ts';
import { getReach, planMailing, type Reach, type Whom } from '../../shared/messages-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Field, Select } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';

type Kind = 'invitation' | 'reminder';

export function SendForm() {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const key = administrationKey(detail.study.id, administration.id);
  const [kind, setKind] = useState<Kind>('invitation');
  const [whom, setWhom] = useState<Whom>({});
  const [at, setAt] = useState('');
  const [days, setDays] = useState('');
  const [asking, setAsking] = useState(false);
  const reach = useQuery({
    queryKey: [...key, 'reach', whom],
    queryFn: () => getReach(detail.study.id, administration.id, whom),
  });
  const remindAfter = days
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  const wrongDays = remindAfter.some((n) => !Number.isInteger(n) || n < 1 || n > 365);
  const noun = kind === 'invitation' ? 'invitation' : 'reminder';

  return (
    <section aria-labelledby="send">
      <h3 id="send">Send messages</h3>
      <form
        className="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrongDays) setAsking(true);
        }}
      >
        <div className="filters">
          <Select
            label="What"
            name="kind"
            value={kind}
            onChange={(value) => setKind(value as Kind)}
            options={[
              { value: 'invitation', title: 'Invitations' },
              { value: 'reminder', title: 'Reminders' },
            ]}
          />
          <WhomFields whom={whom} change={setWhom} />
        </div>
        <div className="send-when">
          <Field
            label="When"
            name="at"
            type="datetime-local"
            value={at}
            onChange={(event) => setAt(event.target.value)}
            hint={`Empty: now. On the clock of ${detail.study.timeZone}.`}
          />
          <Field
            label="Reminders after (days)"
            name="days"
            inputMode="numeric"
            value={days}
            onChange={(event) => setDays(event.target.value)}
            hint="Such as 5, 12. Empty: none."
            error={wrongDays ? 'Give whole numbers of days from 1 to 365, with commas between them.' : null}
          />
        </div>
        <Loaded query={reach} what="whom it reaches">
          {(found) => <ReachLine reach={found} kind={kind} />}
        </Loaded>
        <div>
          <button type="submit" className="button button-main">
            {kind === 'invitation' ? 'Send invitations…' : 'Send reminders…'}
          </button>
        </div>
      </form>
      {asking && (
        <ConfirmDialog
          title={at === '' ? `Send ${noun}s now?` : `Plan these ${noun}s?`}
          confirm={at === '' ? `Send the ${noun}s` : 'Plan them'}
          close={() => setAsking(false)}
          act={async () => {
            await planMailing(detail.study.id, administration.id, {
              kind,
              whom,
              at: at === '' ? null : at,
              remindAfter,
            });
            announce(at === '' ? 'The messages are on their way.' : 'The messages are planned.');
            await client.invalidateQueries({ queryKey: key });
          }}
        >
          <p>
            {reach.data
              ? `As things stand, ${counted(writtenTo(reach.data, kind), 'person', 'people')} would get a message.`
              : 'How many people it reaches is not known yet.'}{' '}
            Whoever has responded by the time it goes out gets none.
          </p>
          {remindAfter.length > 0 && (
            <p>Reminders follow after {remindAfter.join(', ')} days, to those who have not responded.</p>
          )}
        </ConfirmDialog>
      )}
    </section>
  );
}

/** Nobody gets the same invitation twice. */
const writtenTo = ({ reached, invitedBefore }: Reach, kind: Kind) =>
  kind === 'invitation' ? reached - invitedBefore : reached;

function ReachLine({ reach, kind }: { reach: Reach; kind: Kind }) {
  const reasons = [
    [kind === 'invitation' ? reach.invitedBefore : 0, 'invited already'],
    [reach.responded, 'responded already'],
    [reach.declined, 'declined'],
    [reach.ineligible, 'ineligible'],
    [reach.withoutAddress, 'without an e-mail address'],
    [reach.optedOut, 'asked for no more messages'],
    [reach.bounced, 'with an address that came back'],
  ] as const;
  const left = reasons.filter(([n]) => n > 0).map(([n, words]) => `${formatNumber(n)} ${words}`);
  return (
    <p role="status">
      <strong>{counted(writtenTo(reach, kind), 'person', 'people')}</strong> would be written to.
      {left.length > 0 && <span className="soft"> Left out: {left.join(', ')}.</span>}
    </p>
  );
}

function WhomFields({ whom, change }: { whom: Whom; change: (whom: Whom) => void }) {
  const id = useId();
  const { administration, detail } = useFieldwork();
  const all = { value: '', title: 'All' };
  const { arms, roles: asked } = administration.audience;
  const set = (name: keyof Whom, value: string) => {
    // A school of another cluster would leave nobody.
    const dropped = name === 'arm' || name === 'cluster' ? ['school', name] : [name];
    const kept = Object.entries(whom).filter(([other]) => !dropped.includes(other));
    change(Object.fromEntries(value === '' ? kept : [...kept, [name, value]]));
  };
  const clusters = detail.clusters.filter(({ arm }) => arms.includes(arm) && (!whom.arm || whom.arm === arm));
  const schools = detail.schools.filter(
    ({ arm, cluster }) =>
      arms.includes(arm) && (!whom.arm || whom.arm === arm) && (!whom.cluster || whom.cluster === cluster),
  );
  return (
    <>
      <Select
        label="Arm"
        name={`${id}-arm`}
        value={whom.arm ?? ''}
        onChange={(value) => set('arm', value)}
        options={[
          all,
          ...detail.study.arms
            .filter((arm) => arms.includes(arm.id))
            .map((arm) => ({ value: arm.id, title: arm.title })),
        ]}
      />
      <Select
        label="Cluster"
        name={`${id}-cluster`}
        value={whom.cluster ?? ''}
        onChange={(value) => set('cluster', value)}
        options={[all, ...clusters.map((cluster) => ({ value: cluster.id, title: cluster.name }))]}
      />
      <Select
        label="School"
        name={`${id}-school`}
        value={whom.school ?? ''}
        onChange={(value) => set('school', value)}
        options={[all, ...schools.map((school) => ({ value: school.id, title: school.name }))]}
      />
      <Select
        label="Role"
        name={`${id}-role`}
        value={whom.role ?? ''}
        onChange={(value) => set('role', value)}
        options={[
          all,
          ...roles.filter((role) => asked.includes(role)).map((role) => ({ value: role, title: roleTitles[role] })),
        ]}
      />
    </>
  );
}
