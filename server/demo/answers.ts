/**
 * How people of the demonstration study answer: where they stand on each scale (cluster, school, person, wave, and an
 * effect of the programme that grows from wave to wave), whether they answer at all, and what is known about them.
 */
import type { Instrument } from '../../instruments/instrument.ts';
import type { Random } from '../../instruments/random.ts';
import { nestedTrait } from '../../instruments/simulate.ts';
import type { Role, School } from '../../instruments/study.ts';
import type { Person } from '../rosters/store.ts';
import { type DemoWave, shiftDay } from './plan.ts';

/** Variance shares, of the size that school surveys find. */
const shares = { cluster: 0.05, school: 0.14 };
/** Share of the variance between people that lasts from wave to wave. */
const lasting = 0.7;
/** Effect of the programme in standard deviations, for a cluster that works as planned. */
const effects: Readonly<Record<DemoWave, number>> = { baseline: 0, mid: 0.14, end: 0.3 };
/** Inclination to answer, in logits; the last wave has only begun. */
const inclination: Readonly<Record<DemoWave, number>> = { baseline: 1.25, mid: 0.85, end: -0.35 };
const byRole: Partial<Record<Role, number>> = {
  headteacher: 0.35,
  coordinator: 1.2,
  'peer-reviewer': 0.7,
  teacher: -0.15,
};

/** Standing on each scale of the instrument. */
export function traitsOf(
  random: Random,
  instrument: Instrument,
  person: Person,
  school: School | undefined,
  wave: DemoWave,
): Record<string, number> {
  const dose = person.cluster === null ? 0 : Math.max(0, 1 + 0.5 * random.fork(`dose ${person.cluster}`).normal());
  const need = school?.disadvantaged == null ? 0 : (school.disadvantaged - 0.24) / 0.12;
  const traits: Record<string, number> = {};
  for (const { id } of instrument.scales) {
    const place = { cluster: person.cluster, school: person.school, person: person.id };
    const passing = random.fork(`${person.id} ${wave} ${id}`).normal();
    traits[id] =
      Math.sqrt(lasting) * nestedTrait(random, shares, place, id) +
      Math.sqrt(1 - lasting) * passing +
      (person.arm === 'intervention' ? effects[wave] * dose : 0) -
      0.08 * need;
  }
  return traits;
}

/** Whether a person answers an administration: schools differ, and differ again from wave to wave. */
export function doesRespond(random: Random, person: Person, wave: DemoWave, administration: string): boolean {
  const where = person.school ?? person.cluster ?? '';
  const logit =
    inclination[wave] +
    0.55 * random.fork(`response ${where}`).normal() +
    0.35 * random.fork(`response ${where} ${wave}`).normal() +
    (person.arm === 'comparison' ? -0.4 : 0) +
    (byRole[person.role] ?? 0);
  return random.fork(`response ${person.id} ${administration}`).chance(1 / (1 + Math.exp(-logit)));
}

const roleCodes: Partial<Record<Role, number>> = {
  teacher: 1,
  'middle-leader': 2,
  'improvement-champion': 2,
  'senior-leader': 3,
  headteacher: 4,
};

/** Answers that follow from who somebody is, by question; those an instrument does not ask are passed over. */
export function knownAnswers(random: Random, person: Person, wave: DemoWave): Record<string, unknown> {
  const lasting = random.fork(`facts ${person.id}`);
  const now = random.fork(`facts ${person.id} ${wave}`);
  const leads = person.role !== 'teacher';
  const member = person.arm === 'intervention';
  const yearsHere = lasting.integer(1, 5);
  const leastYears = [0, 2, 4, 6, 11][yearsHere - 1] ?? 0;
  return {
    role: roleCodes[person.role] ?? 6,
    years_school: yearsHere,
    years_teaching: leastYears + lasting.integer(0, 14) + (leads ? 4 : 0),
    took_part: now.chance(leads ? 0.9 : 0.65) ? 1 : 2,
    group_kind: now.chance(member ? 0.9 : 0.2) ? 1 : now.integer(2, 4),
    has_partners: now.chance(member ? (wave === 'baseline' ? 0.75 : 0.95) : 0.4),
  };
}

/** The entries of a coordinator's log: self-reviews, peer reviews, workshops and training days, most held as planned. */
export function logAnswers(
  random: Random,
  schools: readonly School[],
  wave: DemoWave,
  opens: string,
): Record<string, unknown> {
  const from = shiftDay(opens, -150);
  const to = shiftDay(opens, -5);
  const day = () => shiftDay(from, random.integer(0, 140));
  const cycle = wave === 'end' ? 2 : 1;
  const event = (kind: number, school: School | null, more: Record<string, unknown>) => {
    const held = random.chance(0.72) ? 1 : random.chance(0.6) ? 2 : random.integer(3, 4);
    const common = { ev_kind: kind, ev_held: held, ...(school ? { ev_school: school.id } : {}) };
    if (held > 2) return { ...common, ev_planned: day(), ev_reason: random.integer(1, 6) };
    const adapted = random.chance(0.3);
    return {
      ...common,
      ...(held === 2 ? { ev_planned: day(), ev_reason: random.integer(1, 6) } : {}),
      ev_date: day(),
      ev_place: random.chance(0.8) ? 1 : random.integer(2, 3),
      ev_schools: school ? random.integer(2, 3) : schools.length,
      ...more,
      ev_adapted: adapted,
      ...(adapted
        ? { ev_changes: [random.integer(1, 7)], ev_why: 'Simulated: dates of the schools did not fit.' }
        : {}),
    };
  };
  const events = schools.flatMap((school) => [
    event(1, school, { ev_days: 1, ev_people: random.integer(4, 14), ev_roles: [1, 2, 3] }),
    event(2, school, {
      ev_days: random.pick([1, 1.5, 2]),
      ev_people: random.integer(5, 12),
      ev_roles: [1, 2, 3, 4],
      ev_review_number: cycle,
      ev_previsit: random.chance(0.85),
    }),
    event(3, school, {
      ev_days: 0.5,
      ev_people: random.integer(8, 25),
      ev_roles: [2, 3, 4, 5],
      ev_led_by: random.integer(1, 3),
    }),
  ]);
  const training = [1, 2].map((half) =>
    event(4, null, {
      ev_days: 1,
      ev_people: schools.length * random.integer(2, 4),
      ev_roles: [1, 2, 3, 4],
      ev_training_day: half + (cycle - 1) * 2,
    }),
  );
  return {
    period_start: from,
    period_end: to,
    cycle: cycle + 1,
    cluster_schools: schools.length,
    log_role: 1,
    events: [...events, ...training],
    attendance: schools.map((school) => ({
      at_school: school.id,
      at_leaders: random.integer(2, 5),
      at_champions: random.integer(1, 2),
      at_days: Math.min(4, cycle * 2 - (random.chance(0.2) ? 1 : 0)),
      at_hosted: random.chance(0.9),
      at_left: random.chance(0.02),
    })),
  };
}

/** What a peer reviewer notes about a visit. */
export function reviewAnswers(random: Random, wave: DemoWave, opens: string): Record<string, unknown> {
  const phases = [1, 2, 3, 4, 5, 6].filter((phase) => random.chance(phase === 1 || phase === 6 ? 0.8 : 0.95));
  return {
    obs_date: shiftDay(opens, -random.integer(10, 120)),
    obs_start: random.pick(['08:30', '08:45', '09:00', '09:30']),
    obs_hours: random.pick([6, 7, 12, 13, 14]),
    obs_review: wave === 'end' ? 2 : 1,
    obs_setting: random.chance(0.85) ? 1 : random.integer(2, 3),
    obs_role: 4,
    obs_share: random.integer(7, 10) * 10,
    n_reviewers: random.integer(2, 6),
    n_host_leaders: random.integer(2, 5),
    n_host_staff: random.integer(4, 20),
    n_pupils: random.integer(6, 40),
    n_review_schools: random.integer(2, 4),
    phases: phases.length === 0 ? [3] : phases,
  };
}
