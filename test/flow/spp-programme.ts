/**
 * What the fieldwork test knows before it looks: whom the roster files put into the audience, who is to do what, and what
 * the response rates of each cluster must then be. Used by fieldwork.test.ts.
 */
import Papa from 'papaparse';
import type { SppFiles } from '../spp-roster.ts';

const audienceRoles = ['headteacher', 'improvement-champion'] as const;

export interface Staff {
  readonly id: string;
  readonly role: string;
  readonly school: string;
  readonly cluster: string;
  readonly email: string;
}

/** What became of somebody who was asked; nobody else has as much as opened the link. */
export type Outcome = 'finished' | 'declined' | 'partial' | 'withdrawn';

export interface Audience {
  readonly people: readonly Staff[];
  /** Names by id, in the order of the file. */
  readonly clusters: ReadonlyMap<string, string>;
}

type Cells = Readonly<Record<string, string>>;
const rowsOf = (csv: string): Cells[] => Papa.parse<Cells>(csv.trimEnd(), { header: true }).data;

/** Headteachers and Improvement Champions of the programme schools, read from the files alone. */
export function audienceOf(files: SppFiles): Audience {
  const clusterOf = new Map(rowsOf(files.schools).map(({ id = '', cluster = '' }) => [id, cluster]));
  const people = rowsOf(files.people).flatMap(({ id = '', role = '', school = '', email = '' }) => {
    const cluster = clusterOf.get(school) ?? '';
    const asked = audienceRoles.some((one) => one === role) && cluster !== '';
    return asked ? [{ id, role, school, cluster, email }] : [];
  });
  return { people, clusters: new Map(rowsOf(files.clusters).map(({ id = '', name = '' }) => [id, name])) };
}

/** Somebody of a role in a cluster or school: always the same one, the first of the file. */
export function oneOf({ people }: Audience, place: string, role: (typeof audienceRoles)[number]): Staff {
  const found = people.find((person) => [person.cluster, person.school].includes(place) && person.role === role);
  if (!found) throw new Error(`the files have no ${role} in ${place}`);
  return found;
}

/** A row of the table of response rates by cluster, as the saved file must have it, by the head of each column. */
export function expectedRow(
  audience: Audience,
  outcomes: ReadonlyMap<string, Outcome>,
  cluster: string,
): Record<string, string | number> {
  const asked = audience.people.filter((person) => person.cluster === cluster);
  const count = (...wanted: Outcome[]) =>
    asked.filter(({ id }) => wanted.some((outcome) => outcome === outcomes.get(id))).length;
  const [finished, invited] = [count('finished'), asked.length];
  const { lower, upper } = wilson(finished, invited);
  return {
    Cluster: audience.clusters.get(cluster) ?? '',
    Arm: 'Programme schools',
    Eligible: invited,
    Finished: finished,
    Rate: finished / invited,
    '95% lower': lower,
    '95% upper': upper,
    Invited: invited,
    Opened: count('finished', 'declined', 'partial', 'withdrawn'),
    Started: count('finished', 'partial', 'withdrawn'),
    Partial: count('partial'),
    Declined: count('declined'),
    Withdrawn: count('withdrawn'),
    'Only opened': 0,
    'Not reached': invited - count('finished', 'declined', 'partial', 'withdrawn'),
    Bounced: 0,
    Ineligible: 0,
    'Response rate with partial (RR2)': count('finished', 'partial') / invited,
    'Refusal rate (REF1)': count('declined', 'withdrawn') / invited,
    'Contact rate (CON1)': count('finished', 'declined', 'partial', 'withdrawn') / invited,
  };
}

/** Wilson's interval in its closed form (Wilson 1927), at 95%. */
function wilson(k: number, n: number): { lower: number; upper: number } {
  const z = 1.959963984540054;
  const middle = (k + (z * z) / 2) / (n + z * z);
  const half = (z / (n + z * z)) * Math.sqrt((k * (n - k)) / n + (z * z) / 4);
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) };
}
