/** What is asked in the demonstration study: which instrument, of whom, when, under which information sheet. */
import type { Administration, InformationSheet, Role, Study, Wave } from '../../instruments/study.ts';

const staff: readonly Role[] = [
  'teacher',
  'middle-leader',
  'senior-leader',
  'headteacher',
  'improvement-champion',
  'peer-reviewer',
];
const leaders = staff.filter((role) => role !== 'teacher');

interface Plan {
  readonly instrument: string;
  readonly title: string;
  readonly waves: readonly string[];
  readonly arms: readonly string[];
  readonly roles: readonly Role[];
  readonly mode: Administration['mode'];
  readonly about: string;
  readonly minutes: number;
}

const both = ['intervention', 'comparison'];
const plans: readonly Plan[] = [
  {
    instrument: 'collective-efficacy',
    title: 'Collective teacher efficacy',
    waves: ['baseline', 'mid', 'end'],
    arms: both,
    roles: staff,
    mode: 'confidential',
    about: 'what the staff of your school can achieve together',
    minutes: 4,
  },
  {
    instrument: 'trust',
    title: 'Trust',
    waves: ['baseline', 'mid', 'end'],
    arms: both,
    roles: staff,
    mode: 'confidential',
    about: 'trust between colleagues, leaders, pupils, parents and partner schools',
    minutes: 6,
  },
  {
    instrument: 'lateral-accountability',
    title: 'Accountability between schools',
    waves: ['baseline', 'end'],
    arms: ['intervention'],
    roles: leaders,
    mode: 'confidential',
    about: 'how the schools of your cluster hold one another to account',
    minutes: 5,
  },
  {
    instrument: 'learning-conversations',
    title: 'Learning conversations',
    waves: ['baseline', 'end'],
    arms: ['intervention'],
    roles: leaders,
    mode: 'confidential',
    about: 'how difficult professional conversations are held',
    minutes: 4,
  },
  {
    instrument: 'programme-experience',
    title: 'Experience of the programme',
    waves: ['mid', 'end'],
    arms: ['intervention'],
    roles: staff,
    mode: 'anonymous',
    about: 'how the partnership programme has been for you',
    minutes: 6,
  },
  {
    instrument: 'implementation-log',
    title: 'Implementation log',
    waves: ['mid', 'end'],
    arms: ['intervention'],
    roles: ['coordinator'],
    mode: 'confidential',
    about: 'what was delivered in your cluster in this cycle',
    minutes: 15,
  },
  {
    instrument: 'peer-review-observation',
    title: 'Peer review observation',
    waves: ['mid', 'end'],
    arms: ['intervention'],
    roles: ['peer-reviewer'],
    mode: 'confidential',
    about: 'the peer review that you observed',
    minutes: 10,
  },
];

/** All administrations, in order of waves; those of the last wave are open. */
export function demoAdministrations(study: Study): Administration[] {
  return study.waves.flatMap((wave, index) =>
    plans
      .filter((plan) => plan.waves.includes(wave.id))
      .map((plan) => ({
        id: `${plan.instrument}-${wave.id}`,
        study: study.id,
        title: `${plan.title}: ${wave.title.split(',')[0]}`,
        instrument: plan.instrument,
        version: 1,
        wave: wave.id,
        audience: { arms: plan.arms, roles: plan.roles },
        mode: plan.mode,
        opens: wave.opens,
        closes: wave.closes,
        state: index === study.waves.length - 1 ? 'open' : 'closed',
        information: informationOf(plan, wave),
      })),
  );
}

function informationOf(plan: Plan, wave: Wave): InformationSheet {
  const kept =
    plan.mode === 'anonymous'
      ? 'Your answers are anonymous: they are stored without your name and without any link to this invitation, with your school and your role only. Because of that they cannot be found again and taken back once you have sent them.'
      : 'Your answers are confidential: they are stored under a number, apart from any name, and nobody at your school or in your cluster can read them. If you stop halfway and do not come back, what you answered up to then is used too. You can have your answers removed until the study closes by writing to the address below.';
  return {
    version: 1,
    asker: 'The evaluation team of the Schools Partnership Programme (demonstration)',
    paragraphs: [
      'This is a demonstration with simulated schools and people. You can try it out freely; please do not enter anything personal.',
      `We would like to know about ${plan.about}. It takes about ${plan.minutes} minutes. Taking part is your own choice, you may leave out any question, and you can stop at any time.`,
      kept,
      'The answers are used to evaluate the programme, and reports never show groups so small that somebody could be recognised.',
    ],
    consent: 'I have read this information, and I agree to take part and to have my answers used for the evaluation.',
    contact: `evaluation@example.org (${wave.title.split(',')[0]?.toLowerCase()} survey)`,
  };
}
