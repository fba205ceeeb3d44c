/** The fields of an administration, the same for a new one and for a change; what is fixed by now cannot be touched. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type Dispatch, type SetStateAction, useState } from 'react';
import type { AdministrationField, EditRule } from '../../../instruments/administration-rules.ts';
import { bestOf, ownName } from '../../../instruments/languages.ts';
import { type Role, roles, roleTitles } from '../../../instruments/study.ts';
import type { StudyDetail } from '../../shared/api.ts';
import { counted, formatDays } from '../../shared/format.ts';
import { getInstrument, listInstruments } from '../../shared/instruments-api.ts';
import { type AdministrationPlan, type AudienceEffect, getAudience, listSheets } from '../../shared/planning-api.ts';
import { audienceKey, instrumentKey, instrumentsKey, sheetsKey } from '../keys.ts';
import { Checks } from '../parts/checks.tsx';
import { Field, Select, type Wrong } from '../parts/form.tsx';

/** What is filled in so far. */
export type Draft = Omit<AdministrationPlan, 'information' | 'id' | 'selfCode' | 'pilot' | 'repeats'> & {
  /** `sheet@version`; '' while none is chosen. */
  readonly sheet: string;
};

interface PlanFieldsProps {
  readonly detail: StudyDetail;
  readonly administration: string | null;
  readonly draft: Draft;
  readonly setDraft: Dispatch<SetStateAction<Draft>>;
  readonly wrong: Wrong;
  readonly rules: Readonly<Record<AdministrationField, EditRule>>;
}

export const instrumentOf = (value: string) => {
  const at = value.lastIndexOf('@');
  return { id: value.slice(0, at), version: Number(value.slice(at + 1)) };
};

export function useDraft(first: Draft) {
  return useState<Draft>(first);
}

export function PlanFields({ detail, administration, draft, setDraft, wrong, rules }: PlanFieldsProps) {
  const { study } = detail;
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const wave = study.waves.find(({ id }) => id === draft.wave);
  const off = (field: AdministrationField) => rules[field] === 'fixed';
  return (
    <>
      <Field
        label="Title"
        name="title"
        maxLength={200}
        hint="Respondents read it above the questions."
        value={draft.title}
        onChange={(event) => set({ title: event.target.value })}
        error={wrong.title ?? null}
      />
      <InstrumentField draft={draft} set={set} disabled={off('instrument')} error={wrong.instrument} />
      <Select
        label="Wave"
        name="wave"
        value={draft.wave}
        disabled={off('wave')}
        options={study.waves.map(({ id, title, opens, closes }) => ({
          value: id,
          title: `${title} (${formatDays(opens, closes)})`,
        }))}
        onChange={(id) => set({ wave: id })}
      />
      <div className="field-pair">
        <Field
          label="First day"
          name="opens"
          type="date"
          min={wave?.opens}
          max={wave?.closes}
          disabled={off('opens')}
          value={draft.opens}
          onChange={(event) => set({ opens: event.target.value })}
          error={wrong.opens ?? null}
        />
        <Field
          label="Last day"
          name="closes"
          type="date"
          min={draft.opens}
          max={wave?.closes}
          disabled={off('closes')}
          value={draft.closes}
          onChange={(event) => set({ closes: event.target.value })}
          error={wrong.closes ?? null}
        />
      </div>
      <p className="soft">
        It opens by itself at the beginning of its first day and closes after its last, by the clocks of{' '}
        {study.timeZone}.
      </p>
      <Checks
        legend="Arms"
        disabled={off('audience')}
        chosen={draft.audience.arms}
        error={wrong['audience.arms'] ?? wrong.audience ?? null}
        options={study.arms.map(({ id, title }) => ({ value: id, title }))}
        choose={(arms) => set({ audience: { ...draft.audience, arms } })}
      />
      <Checks
        legend="Roles"
        disabled={off('audience')}
        chosen={draft.audience.roles}
        error={wrong['audience.roles'] ?? null}
        options={roles.map((role) => ({ value: role, title: roleTitles[role] }))}
        choose={(some) => set({ audience: { ...draft.audience, roles: some as Role[] } })}
      />
      <AudienceLine detail={detail} draft={draft} administration={administration} />
      <Select
        label="Answers are"
        name="mode"
        value={draft.mode}
        disabled={off('mode')}
        hint="Cannot be changed once it has begun: people were promised one or the other."
        options={[
          { value: 'confidential', title: 'Confidential: stored under a code' },
          { value: 'anonymous', title: 'Anonymous: nothing links them to the person' },
        ]}
        onChange={(mode) => set({ mode: mode as Draft['mode'] })}
      />
      {draft.mode === 'anonymous' && <AnonymousLine detail={detail} draft={draft} administration={administration} />}
      <LanguageFields detail={detail} draft={draft} set={set} wrong={wrong} rules={rules} />
    </>
  );
}

function InstrumentField(props: {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  disabled: boolean;
  error: string | undefined;
}) {
  const { data } = useQuery({ queryKey: instrumentsKey, queryFn: listInstruments });
  const { draft, set, disabled } = props;
  const chosen = draft.instrument === '' ? '' : `${draft.instrument}@${draft.version}`;
  const listed = (data?.instruments ?? []).map(({ id, version, title }) => ({
    value: `${id}@${version}`,
    title: `${title}, version ${version}`,
  }));
  const options = listed.some(({ value }) => value === chosen) ? listed : [{ value: chosen, title: chosen }, ...listed];
  return (
    <Select
      label="Instrument version"
      name="instrument"
      value={chosen}
      disabled={disabled}
      error={props.error ?? null}
      options={chosen === '' ? [{ value: '', title: 'Choose one' }, ...listed] : options}
      onChange={(value) => {
        const { id, version } = instrumentOf(value);
        set({ instrument: id, version, languages: [] });
      }}
    />
  );
}

function LanguageFields({
  detail,
  draft,
  set,
  wrong,
  rules,
}: Omit<PlanFieldsProps, 'administration' | 'setDraft'> & {
  set: (change: Partial<Draft>) => void;
}) {
  const { study } = detail;
  const { data: instrument } = useQuery({
    queryKey: instrumentKey(draft.instrument, draft.version),
    queryFn: () => getInstrument(draft.instrument, draft.version),
    enabled: draft.instrument !== '',
  });
  const { data: sheets } = useQuery({ queryKey: sheetsKey(study.id), queryFn: () => listSheets(study.id) });
  const spoken = (instrument?.instrument.languages ?? []).filter(
    (language) => !study.languages || bestOf([language], study.languages) !== null,
  );
  const versions = sheets?.versions ?? [];
  return (
    <>
      <Checks
        legend="Languages"
        hint="The first one is for everybody whose browser asks for none of them. Offered are those of the instrument."
        disabled={rules.languages === 'fixed'}
        chosen={draft.languages}
        error={wrong.languages ?? null}
        options={spoken.map((language) => ({ value: language, title: ownName(language) }))}
        choose={(languages) => set({ languages })}
      />
      <Select
        label="Information sheet and consent"
        name="sheet"
        value={draft.sheet}
        disabled={rules.information === 'fixed'}
        error={wrong.information ?? wrong['information.sheet'] ?? null}
        hint="A version that is used here never changes any more."
        options={[
          { value: '', title: sheets && versions.length === 0 ? 'None yet: write one first' : 'Choose one' },
          ...versions.map(({ sheet, version, title, state, texts }) => ({
            value: `${sheet}@${version}`,
            title: `${title}, version ${version}${state === 'draft' ? ' (draft)' : ''}: ${Object.keys(texts).map(ownName).join(', ')}`,
          })),
        ]}
        onChange={(sheet) => set({ sheet })}
      />
    </>
  );
}

/** The audience in numbers: who is on the roster on the first day, or today once that has come. */
export function useAudience(
  study: string,
  { audience, opens }: Pick<Draft, 'audience' | 'opens'>,
  administration: string | null,
) {
  const { arms, roles: chosen } = audience;
  return useQuery({
    queryKey: [...audienceKey(study), arms, chosen, administration, opens],
    queryFn: () => getAudience(study, audience, administration, opens),
    enabled: arms.length > 0 && chosen.length > 0,
    placeholderData: keepPreviousData,
  });
}

function AudienceLine({ detail, draft, administration }: Pick<PlanFieldsProps, 'detail' | 'draft' | 'administration'>) {
  const { data } = useAudience(detail.study.id, draft, administration);
  const none = draft.audience.arms.length === 0 || draft.audience.roles.length === 0;
  return (
    <p className="notice" role="status">
      {none && 'Choose at least one arm and one role.'}
      {!none && data && audienceWords(data)}
      {!none && !data && 'Counting the people…'}
    </p>
  );
}

/** What anonymous answers of this audience will not tell, because too few people share it. */
function AnonymousLine({
  detail,
  draft,
  administration,
}: Pick<PlanFieldsProps, 'detail' | 'draft' | 'administration'>) {
  const { data } = useAudience(detail.study.id, draft, administration);
  const none = draft.audience.arms.length === 0 || draft.audience.roles.length === 0;
  return (
    <p className="notice" role="status">
      {none || !data ? '' : withheldWords(data, detail.study.minimumCell)}
    </p>
  );
}

function withheldWords({ people, withheld }: AudienceEffect, minimum: number): string {
  const { role, school, cluster, tooFew } = withheld;
  if (tooFew > 0)
    return `An arm of fewer than ${minimum} people would be asked: among so few nobody is anonymous. Leave it out, ask more roles, or choose confidential.`;
  if (people === 0) return 'Nobody is on the roster yet, so nobody can be counted.';
  if (role === 0)
    return `Each school and role has at least ${minimum} people: answers are stored with both. ${ownWords}`;
  const of = (n: number) => counted(n, 'person', 'people');
  const more = [
    ...(school > 0 ? [`Of ${of(school)} among them the school is left out, too`] : []),
    ...(cluster > 0 ? [`of ${of(cluster)} also the cluster`] : []),
  ];
  const first = `Where fewer than ${minimum} people share a school and role, answers are stored without the role, so that their place does not tell who they are: ${of(role)}.`;
  return [first, ...(more.length === 0 ? [] : [`${more.join(', ')}.`]), ownWords].join(' ');
}

/** A place that is left out does not help where the answers say the same. */
const ownWords =
  'An answer that tells a role is stored only where it says what the place says already; what was asked because of it goes with it. ' +
  'Other questions can still tell who somebody is.';

/** `This audience is 18 people: 16 teachers …`. */
function audienceWords({ people, byRole }: AudienceEffect): string {
  const each = roles.flatMap((role) => {
    const n = byRole[role] ?? 0;
    return n > 0 ? [`${roleTitles[role]} ${n.toLocaleString('en-GB')}`] : [];
  });
  return `This audience is ${counted(people, 'person', 'people')}${each.length > 1 ? ` (${each.join(', ')})` : ''}.`;
}
