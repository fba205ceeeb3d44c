/**
 * What is wrong with a plan for an administration: against its study, its wave, its instrument version, the roster and the
 * information sheet. Used when one is made or changed; everything that is wrong is said at once, by field.
 */
import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { Instrument, Issue, Subject } from '../../instruments/instrument.ts';
import { bestOf } from '../../instruments/languages.ts';
import { linkedQuestions } from '../../instruments/linked-answers.ts';
import type { Administration, Audience, Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { compiledInstrument, findInstrumentVersion } from '../instruments/store.ts';
import { versionStateOf } from '../instruments/version-states.ts';
import { audienceDay, audienceEffect } from '../invitations/audience.ts';

export type Plan = Pick<
  Administration,
  'instrument' | 'version' | 'wave' | 'audience' | 'mode' | 'opens' | 'closes' | 'languages' | 'repeats'
>;

/** @param today ISO date in the study's time zone */
export async function planIssues(
  context: Pick<Context, 'db'>,
  study: Study,
  plan: Plan,
  today: string,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  const refuse: Refuse = (field, code, message) => issues.push({ code, path: `body.${field}`, message });
  const published = await findInstrumentVersion(context.db, plan.instrument, plan.version);
  if (published) {
    const { languages } = published.instrument;
    for (const language of plan.languages ?? []) {
      if (!languages.includes(language))
        refuse(
          'languages',
          'language-not-spoken',
          `This instrument version has no ${language}; it has ${languages.join(', ')}.`,
        );
    }
    const why = whyNotAnonymous(plan, await compiledInstrument(context.db, plan.instrument, plan.version));
    if (why !== null) refuse('mode', 'not-anonymous', why);
  } else {
    refuse('instrument', 'unknown-instrument', `Version ${plan.version} of "${plan.instrument}" is not published.`);
  }
  if (published) {
    const why = whyNotRepeated(plan, published.instrument);
    if (why !== null) refuse('repeats', 'not-repeated', why);
  }
  for (const language of plan.languages ?? []) {
    const spoken = study.languages ?? plan.languages ?? [];
    if (bestOf([language], spoken) === null)
      refuse('languages', 'language-not-of-study', `${language} is not one of the study's languages.`);
  }
  checkAudience(study, plan.audience, refuse);
  checkDays(study, plan, today, refuse);
  if (published && issues.length === 0) {
    await checkPeople(context, study, published.instrument.subject, plan, audienceDay(plan, today), refuse);
  }
  return issues;
}

/** Why the links of an administration cannot take any number of entries; null where they can, or need not. */
export function whyNotRepeated(
  { repeats = false, mode }: Pick<Administration, 'repeats' | 'mode'>,
  { kind }: Pick<Instrument, 'kind'>,
): string | null {
  if (!repeats) return null;
  if (kind === 'survey') return 'A survey is answered once: only logs and observations are filled in repeatedly.';
  if (mode === 'anonymous')
    return 'Entries of an anonymous administration could not be told from each other: make it confidential.';
  return null;
}

/** Why an administration cannot be anonymous: its instrument asks what only a known person may answer; null where it can. */
export function whyNotAnonymous({ mode }: Pick<Administration, 'mode'>, compiled: CompiledInstrument): string | null {
  if (mode !== 'anonymous') return null;
  if (linkedQuestions(compiled, 'people').length + linkedQuestions(compiled, 'files').length === 0) return null;
  return 'This instrument ticks people of the roster or takes evidence files, which tell who answered: make it confidential.';
}

/** A version that is retired is not chosen any more; administrations that have it go on. */
export async function retiredIssues(
  { db }: Pick<Context, 'db'>,
  { instrument, version }: Pick<Plan, 'instrument' | 'version'>,
): Promise<Issue[]> {
  if ((await versionStateOf(db, instrument, version)) !== 'retired') return [];
  const message = `Version ${version} of "${instrument}" is retired. Choose another, or take it back into use first.`;
  return [{ code: 'retired-instrument', path: 'body.instrument', message }];
}

type Refuse = (field: string, code: string, message: string) => void;

function checkAudience(study: Study, { arms, roles }: Audience, refuse: Refuse): void {
  for (const arm of arms) {
    if (!study.arms.some(({ id }) => id === arm)) refuse('audience', 'unknown-arm', `The study has no arm "${arm}".`);
  }
  if (new Set(arms).size < arms.length || new Set(roles).size < roles.length) {
    refuse('audience', 'repeated', 'Name each arm and each role once.');
  }
}

function checkDays(study: Study, { wave: id, opens, closes }: Plan, today: string, refuse: Refuse): void {
  const wave = study.waves.find((one) => one.id === id);
  if (!wave) refuse('wave', 'unknown-wave', `The study has no wave "${id}".`);
  if (closes < opens) refuse('closes', 'bad-order', 'The last day comes before the first.');
  else if (closes < today) refuse('closes', 'day-passed', 'The last day has passed already.');
  if (wave && (opens < wave.opens || opens > wave.closes)) refuse('opens', 'outside-wave', outside(wave));
  if (wave && closes > wave.closes) refuse('closes', 'outside-wave', outside(wave));
}

const outside = ({ title, opens, closes }: Study['waves'][number]) =>
  `The wave "${title}" runs from ${opens} to ${closes}. Choose a day within it, or move the wave first.`;

async function checkPeople(
  context: Pick<Context, 'db'>,
  study: Study,
  subject: Subject,
  { audience, mode }: Plan,
  day: string,
  refuse: Refuse,
): Promise<void> {
  if (subject === 'person' && mode !== 'anonymous') return;
  const { withoutSchool, withoutCluster, withheld } = await audienceEffect(context, study, audience, null, day);
  if (mode === 'anonymous' && withheld.tooFew > 0) {
    refuse(
      'audience',
      'too-few-people',
      `An arm of fewer than ${study.minimumCell} people would be asked, and among so few nobody is anonymous. Leave out ` +
        'that arm, ask more roles, or make the administration confidential.',
    );
  }
  if (subject === 'person') return;
  const without = subject === 'school' ? withoutSchool : withoutCluster;
  if (without === 0) return;
  refuse(
    'audience',
    'without-subject',
    `This instrument is about a ${subject}, and ${without} of these people belong to none. Leave out their arm or role.`,
  );
}
