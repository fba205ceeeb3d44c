/** Simulated invitations and responses of one administration of the demonstration study. Seeded throughout. */
import type { CompiledInstrument } from '../../instruments/compile.ts';
import { type Random, randomOf } from '../../instruments/random.ts';
import { nestedTrait, simulateAnswers } from '../../instruments/simulate.ts';
import type { Administration, Role, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Invitation } from '../invitations/store.ts';
import type { StoredResponse } from '../responses/store.ts';
import { hashAnswers, responseId } from '../responses/submit.ts';
import type { Person } from '../rosters/store.ts';

/** Shares of variance between clusters and between schools within them. */
const nesting = { cluster: 0.05, school: 0.15 };
/** Standard deviations by which the programme lifts its schools, by wave. */
const effects: Readonly<Record<string, number>> = { baseline: 0, mid: 0.15, end: 0.3 };
/** Share of the invited who respond, before schools differ. */
const rates: Readonly<Record<string, number>> = { baseline: 0.74, mid: 0.66, end: 0.42 };
/** Codes of the question about the main role, as the staff surveys of the library have it. */
const roleCodes: Readonly<Partial<Record<Role, number>>> = {
  teacher: 1,
  'middle-leader': 2,
  'senior-leader': 3,
  headteacher: 4,
};
const dayInMs = 24 * 60 * 60 * 1000;

export interface Fieldwork {
  readonly study: Study;
  readonly administration: Administration;
  readonly compiled: CompiledInstrument;
  readonly now: Date;
  /** The hash of the link of an invitation. */
  readonly tokenHashOf: (invitation: string) => string;
}

/** The invitation of one person and, when they answered, their response. */
export function simulateFieldwork(
  fieldwork: Fieldwork,
  person: Person,
): { invitation: Invitation; response: StoredResponse | null } {
  const { administration, study } = fieldwork;
  const random = randomOf('demonstration answers').fork(`${administration.id} ${person.id}`);
  const id = invitationId(random);
  const responds = random.chance(rateOf(administration, person));
  const anonymous = administration.mode === 'anonymous';
  const at = momentIn(fieldwork, random);
  const opened = responds || random.chance(0.15);
  const invitation: Invitation = {
    _id: id,
    study: study.id,
    administration: administration.id,
    person: person.id,
    school: person.school,
    cluster: person.cluster,
    arm: person.arm,
    role: person.role,
    serial: 1,
    tokenHash: fieldwork.tokenHashOf(id),
    state: anonymous && responds ? 'used' : 'open',
    openedAt: opened && !anonymous ? at : null,
    claim: null,
  };
  return { invitation, response: responds ? responseOf(fieldwork, person, invitation, random, at) : null };
}

function responseOf(
  { administration, compiled, study }: Fieldwork,
  person: Person,
  invitation: Invitation,
  random: Random,
  at: Date,
): StoredResponse {
  const anonymous = administration.mode === 'anonymous';
  // Who is open to answer has broken off only where the survey is over.
  const dropOut = administration.state === 'closed' && !anonymous ? 0.04 : 0;
  const { answers, completion, lastPage } = simulateAnswers(compiled, {
    random,
    traits: traitsOf(compiled, administration, person),
    missing: 0.025,
    declined: 0.015,
    dropOut,
    known: roleCodes[person.role] === undefined ? {} : { role: roleCodes[person.role] },
    days: { from: administration.opens, to: at.toISOString().slice(0, 10) },
  });
  const { kind } = { kind: compiled.instrument.subject };
  const subjectId = { person: anonymous ? null : person.id, school: person.school, cluster: person.cluster }[kind];
  return {
    _id: responseId(administration, random.fork('key').bits().toString(16) + person.id),
    study: study.id,
    administration: administration.id,
    instrument: administration.instrument,
    version: administration.version,
    wave: administration.wave,
    arm: person.arm,
    cluster: person.cluster,
    school: person.school,
    role: person.role,
    subject: { kind, id: subjectId },
    person: anonymous ? null : person.id,
    invitation: anonymous ? null : invitation._id,
    answers,
    answersHash: hashAnswers(answers),
    completion,
    lastPage,
    consent: { information: administration.information.version, agreedAt: anonymous ? null : at },
    receivedAt: anonymous ? new Date(dayIn(study.timeZone, at)) : at,
    source: 'simulated',
    replaces: null,
    withdrawn: false,
  };
}

/** Where a person stands on each scale: the same person, school and cluster through the waves, and some change. */
function traitsOf(
  compiled: CompiledInstrument,
  administration: Administration,
  person: Person,
): Record<string, number> {
  const lasting = randomOf('demonstration traits');
  const place = { cluster: person.cluster, school: person.school, person: person.id };
  const effect = person.arm === 'intervention' ? (effects[administration.wave] ?? 0) : 0;
  return Object.fromEntries(
    compiled.instrument.scales.map(({ id }) => {
      const stable = nestedTrait(lasting, nesting, place, id);
      const passing = lasting.fork(`${administration.wave} ${person.id} ${id}`).normal();
      return [id, Math.sqrt(0.7) * stable + Math.sqrt(0.3) * passing + effect];
    }),
  );
}

/** Schools differ in how many respond, and coordinators and observers are more reliable than staff. */
function rateOf(administration: Administration, person: Person): number {
  const base = rates[administration.wave] ?? 0.6;
  const place = person.school ?? person.cluster ?? '';
  const school = 0.13 * randomOf('demonstration rates').fork(`${administration.wave} ${place}`).normal();
  const form = administration.audience.roles.length === 1 ? 0.15 : 0;
  return Math.min(0.98, Math.max(0.05, base + school + form));
}

/** A working hour within the window of the administration, not after now. */
function momentIn({ administration, now }: Fieldwork, random: Random): Date {
  const from = Date.parse(`${administration.opens}T07:30:00Z`);
  const to = Math.min(Date.parse(`${administration.closes}T17:00:00Z`), now.getTime() - 60_000);
  const day = Math.floor((random.uniform() ** 1.6 * Math.max(0, to - from)) / dayInMs);
  const within = random.uniform() * 9.5 * 60 * 60 * 1000;
  return new Date(Math.min(to, from + day * dayInMs + within));
}

function invitationId(random: Random): string {
  return Array.from({ length: 3 }, () => random.bits().toString(16).padStart(8, '0')).join('');
}
