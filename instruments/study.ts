/** What a study is made of: plain shapes that server and client share; states and their allowed transitions. */
import type { ClusterSpell, SchoolSpell } from './membership.ts';

export interface Arm {
  readonly id: string;
  readonly title: string;
  readonly kind: 'intervention' | 'comparison';
}

export interface Wave {
  readonly id: string;
  readonly title: string;
  /** ISO dates, first and last day, in the study's time zone. */
  readonly opens: string;
  readonly closes: string;
}

export interface Study {
  /** ^[a-z][a-z0-9-]{0,39}$ */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** True for the demonstration study and anything else that `simulate` made; shown wherever its data show. */
  readonly simulated: boolean;
  readonly timeZone: string;
  /** Fewest people a cell may stand for when shown to somebody without the right to see identified rows. */
  readonly minimumCell: number;
  /** ISO date of the last day on which people may take their answers back; none: as long as there are any. */
  readonly withdrawUntil?: string | null | undefined;
  /** Languages (BCP 47) that its information sheets and administrations may speak; none named: British English. */
  readonly languages?: readonly string[] | undefined;
  readonly arms: readonly Arm[];
  readonly waves: readonly Wave[];
  /** How many schools a cluster should have; three to seven where the study does not say. */
  readonly clusterSize?: ClusterSize | undefined;
  /** Names of the further columns that its schools have, in order. */
  readonly schoolColumns?: readonly string[] | undefined;
  /** When a mean of a school's staff may stand for the school; none named: the usual gate. */
  readonly gate?: AggregationGate | undefined;
}

/** What must be reached before means of schools are shown as such; also the fewest people of a school. */
export interface AggregationGate {
  readonly icc1: number;
  readonly icc2: number;
  readonly rwgJ: number;
  readonly minimumGroup: number;
}
/** After LeBreton and Senter (2008), Organizational Research Methods 11, 815-852. */
export const usualGate: AggregationGate = { icc1: 0.05, icc2: 0.7, rwgJ: 0.7, minimumGroup: 5 };

export interface ClusterSize {
  readonly least: number;
  readonly most: number;
}
export const usualClusterSize: ClusterSize = { least: 3, most: 7 };

export interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly arm: string;
  /** When it belonged to the study (membership.ts); not there: always. */
  readonly spells?: readonly ClusterSpell[] | undefined;
}

/** What stands at the top is the allocation; `spells` tell what came after (membership.ts). */
export interface School {
  readonly id: string;
  readonly name: string;
  /** National number, as a text: it may begin with a zero. */
  readonly number?: string | null | undefined;
  readonly arm: string;
  /** Null for a school outside any cluster (comparison schools). */
  readonly cluster: string | null;
  readonly phase: string;
  readonly pupils: number | null;
  /** Share of disadvantaged pupils, 0 to 1. */
  readonly disadvantaged: number | null;
  /** Values of the study's further columns, by their names. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  readonly spells?: readonly SchoolSpell[] | undefined;
}

export const roles = [
  'teacher',
  'middle-leader',
  'senior-leader',
  'headteacher',
  'improvement-champion',
  'peer-reviewer',
  'coordinator',
] as const;
export type Role = (typeof roles)[number];

export const roleTitles: Readonly<Record<Role, string>> = {
  teacher: 'Teacher',
  'middle-leader': 'Middle leader',
  'senior-leader': 'Senior leader',
  headteacher: 'Headteacher',
  'improvement-champion': 'Improvement Champion',
  'peer-reviewer': 'Peer reviewer',
  coordinator: 'Coordinator',
};

export const administrationStates = ['planned', 'open', 'paused', 'closed'] as const;
export type AdministrationState = (typeof administrationStates)[number];

/** Which state may follow which. */
export const administrationTransitions: Readonly<Record<AdministrationState, readonly AdministrationState[]>> = {
  planned: ['open', 'closed'],
  open: ['paused', 'closed'],
  paused: ['open', 'closed'],
  closed: ['open'],
};

/** What is read before consent, in one language. */
export interface InformationText {
  /** Who is asking. */
  readonly asker: string;
  /** Why, what happens with the answers, how to withdraw: short paragraphs of plain text. */
  readonly paragraphs: readonly string[];
  /** The statement a person agrees to. */
  readonly consent: string;
  /** Whom to write to. */
  readonly contact: string;
}

/** The text that is read before consent, kept with its version. Its own fields are in the first language. */
export interface InformationSheet extends InformationText {
  readonly version: number;
  /** The study's sheet that it is a copy of; none: it came with the study file. */
  readonly sheet?: string | undefined;
  /** The same text in the other languages of the administration. */
  readonly translations?: Readonly<Record<string, InformationText>> | undefined;
}

/** One step of an administration: who took it, when and why. */
export interface StateChange {
  readonly state: AdministrationState;
  readonly at: Date;
  /** Id of the account; `calendar` when its first or last day brought it; `command` for the command line. */
  readonly by: string;
  readonly why: string;
}

export interface Audience {
  readonly arms: readonly string[];
  readonly roles: readonly Role[];
}

/** Three questions whose answers do not change, asked so that waves can be linked without identity. */
export interface SelfCode {
  readonly questions: readonly {
    readonly text: string;
    readonly hint: string;
  }[];
}

export interface Administration {
  readonly id: string;
  readonly study: string;
  readonly title: string;
  readonly instrument: string;
  readonly version: number;
  readonly wave: string;
  readonly audience: Audience;
  /** Confidential: a response knows its invitation. Anonymous: nothing links the two. */
  readonly mode: 'confidential' | 'anonymous';
  /** ISO dates, first and last day on which answers are taken, in the study's time zone. */
  readonly opens: string;
  readonly closes: string;
  readonly state: AdministrationState;
  readonly information: InformationSheet;
  /** Languages offered, the first one to whoever speaks none of them; none named: the first of the instrument. */
  readonly languages?: readonly string[] | undefined;
  /** Steps taken so far, oldest first. */
  readonly history?: readonly StateChange[] | undefined;
  /** Counts changes, so that two people who edit at the same time are told. */
  readonly revision?: number | undefined;
  /** Whether respondents are asked for a self-generated code; optional for each of them. */
  readonly selfCode?: SelfCode | null | undefined;
  /** A trial of the instrument: its answers never count among those of the study. Set when it is planned, for good. */
  readonly pilot?: boolean | undefined;
  /**
   * A log or an observation form that is filled in after each event: a link takes any number of entries. Set when it is
   * planned, for good.
   */
  readonly repeats?: boolean | undefined;
  /** Whether each paper form is typed once or by two people; none said: by two. */
  readonly paperEntry?: 'single' | 'double' | undefined;
}
