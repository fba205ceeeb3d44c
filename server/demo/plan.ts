/**
 * The demonstration study on paper: its arms, waves and administrations, with dates relative to the day on which it is
 * loaded, so that the last wave is open. Called by `load.ts`.
 */
import type { Administration, Role, Study } from '../../instruments/study.ts';
import { informationFor } from './information.ts';

export const demoId = 'demo';

/** All staff of a school, in both arms. */
const staff: readonly Role[] = ['teacher', 'middle-leader', 'senior-leader', 'headteacher', 'improvement-champion'];
const leaders: readonly Role[] = ['middle-leader', 'senior-leader', 'headteacher', 'improvement-champion'];

/** First and last day of each wave, in days from the day of loading. */
const waveDays = {
  baseline: { title: 'Baseline', from: -420, to: -378 },
  mid: { title: 'Mid-point', from: -224, to: -182 },
  end: { title: 'End', from: -20, to: 29 },
} as const;
export type DemoWave = keyof typeof waveDays;
export const demoWaves = Object.keys(waveDays) as DemoWave[];

interface Line {
  readonly id: string;
  readonly title: string;
  readonly instrument: string;
  readonly waves: readonly DemoWave[];
  readonly arms: readonly string[];
  readonly roles: readonly Role[];
  readonly anonymousIn?: DemoWave;
  /** Filled in after each event. */
  readonly repeats?: true;
}

const both = ['intervention', 'comparison'] as const;
const intervention = ['intervention'] as const;

const lines: readonly Line[] = [
  {
    id: 'efficacy',
    title: 'Collective efficacy',
    instrument: 'collective-efficacy',
    waves: demoWaves,
    arms: both,
    roles: staff,
  },
  { id: 'trust', title: 'Trust', instrument: 'trust', waves: demoWaves, arms: both, roles: staff },
  {
    id: 'accountability',
    title: 'Lateral accountability',
    instrument: 'lateral-accountability',
    waves: ['baseline', 'end'],
    arms: intervention,
    roles: leaders,
  },
  {
    id: 'conversations',
    title: 'Learning conversations',
    instrument: 'learning-conversations',
    waves: ['baseline', 'end'],
    arms: intervention,
    roles: leaders,
  },
  {
    id: 'experience',
    title: 'Experience of the programme',
    instrument: 'programme-experience',
    waves: ['mid', 'end'],
    arms: intervention,
    roles: staff,
    anonymousIn: 'end',
  },
  {
    id: 'log',
    title: 'Implementation log',
    instrument: 'implementation-log',
    waves: ['mid', 'end'],
    arms: intervention,
    roles: ['coordinator'],
    repeats: true,
  },
  {
    id: 'review',
    title: 'Peer review observation',
    instrument: 'peer-review-observation',
    waves: ['mid', 'end'],
    arms: intervention,
    roles: ['peer-reviewer'],
    repeats: true,
  },
];

/** The study as it stands on a day (ISO date). */
export function demoStudy(today: string): Study {
  return {
    id: demoId,
    title: 'Schools Partnership Programme (demonstration)',
    description:
      'SIMULATED DEMONSTRATION. No school, no person and no answer in this study is real. It shows how an evaluation of ' +
      'a peer-review programme looks in Fidelis: partnerships of three to seven schools work through two cycles of ' +
      'self-review, peer review and follow-up school-to-school support; leaders attend four days of training; each ' +
      'cluster has Improvement Champions. Staff of 50 clusters and of as many comparison schools were asked at ' +
      'baseline, at mid-point and, at present, at the end.',
    simulated: true,
    timeZone: 'Europe/London',
    minimumCell: 5,
    arms: [
      { id: 'intervention', title: 'Programme schools', kind: 'intervention' },
      { id: 'comparison', title: 'Comparison schools', kind: 'comparison' },
    ],
    waves: demoWaves.map((id) => ({
      id,
      title: waveDays[id].title,
      opens: shiftDay(today, waveDays[id].from),
      closes: shiftDay(today, waveDays[id].to),
    })),
  };
}

/** The administrations of the study, wave by wave; those of the last wave are open. */
export function demoAdministrations(study: Study): Administration[] {
  return study.waves.flatMap((wave) =>
    lines
      .filter((line) => line.waves.some((id) => id === wave.id))
      .map((line): Administration => {
        const mode = line.anonymousIn === wave.id ? 'anonymous' : 'confidential';
        return {
          id: `${line.id}-${wave.id}`,
          study: study.id,
          title: `${line.title}, ${wave.title.toLowerCase()}`,
          instrument: line.instrument,
          version: 1,
          wave: wave.id,
          audience: { arms: line.arms, roles: line.roles },
          mode,
          opens: wave.opens,
          closes: wave.closes,
          state: wave.id === 'end' ? 'open' : 'closed',
          information: informationFor(line.title, mode),
          ...(line.repeats ? { repeats: true } : {}),
        };
      }),
  );
}

/** A calendar day some days later. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
