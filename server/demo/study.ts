/** The demonstration study on paper: arms, waves, clusters, schools, people. Seeded: the same day gives the same study. */
import { type Random, randomOf } from '../../instruments/random.ts';
import type { Cluster, Role, School, Study } from '../../instruments/study.ts';
import type { Person } from '../rosters/store.ts';

export const demoStudyId = 'demo';

const clusterNames = (
  'Alder Amber Ash Aspen Bay Beech Birch Bramble Briar Bracken Cedar Cherry Chestnut Clover Copper ' +
  'Cypress Damson Elder Elm Fern Fir Flint Gorse Granite Hawthorn Hazel Heather Holly Hornbeam Ivy ' +
  'Jasmine Juniper Larch Laurel Lavender Lime Maple Medlar Mistletoe Myrtle Oak Pear Pine Poplar ' +
  'Quince Rowan Sorrel Sycamore Willow Yew'
).split(' ');

export interface DemoRoster {
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly people: readonly Person[];
}

/** A calendar day so many days after another; ISO dates. */
export function addDays(day: string, days: number): string {
  const moment = new Date(`${day}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** The study with its waves placed around the day of loading, so that the last wave is open. */
export function demoStudy(today: string): Study {
  return {
    id: demoStudyId,
    title: 'Schools Partnership Programme (demonstration)',
    description:
      'A simulated trial in the shape of the Schools Partnership Programme: 50 clusters of 3 to 7 schools work through two cycles of self-review, peer review and follow-up support, beside as many comparison schools. Every school, person and answer here is made up by a seeded simulation; nothing in it is a finding.',
    simulated: true,
    timeZone: 'Europe/London',
    minimumCell: 5,
    arms: [
      { id: 'intervention', title: 'Partnership programme', kind: 'intervention' },
      { id: 'comparison', title: 'Matched comparison', kind: 'comparison' },
    ],
    waves: [
      { id: 'baseline', title: 'Baseline', opens: addDays(today, -735), closes: addDays(today, -680) },
      {
        id: 'mid',
        title: 'Mid-point, after the first cycle',
        opens: addDays(today, -375),
        closes: addDays(today, -320),
      },
      { id: 'end', title: 'End, after the second cycle', opens: addDays(today, -14), closes: addDays(today, 42) },
    ],
  };
}

/** Clusters, schools and people of the study. */
export function demoRoster(): DemoRoster {
  const random = randomOf('demonstration roster');
  const clusters: Cluster[] = [];
  const schools: School[] = [];
  const people: Person[] = [];
  const addPerson = (place: Omit<Person, 'id'>) => {
    people.push({ id: `p${String(people.length + 1).padStart(5, '0')}`, ...place });
  };
  clusterNames.forEach((name, index) => {
    const cluster = `c${String(index + 1).padStart(2, '0')}`;
    clusters.push({ id: cluster, name: `${name} cluster`, arm: 'intervention' });
    addPerson({ school: null, cluster, arm: 'intervention', role: 'coordinator' });
    const size = random.integer(3, 7);
    for (let number = 1; number <= size; number += 1) {
      const school = schoolOf(random, `${cluster}-s${number}`, `${name} Primary ${number}`, 'intervention', cluster);
      schools.push(school);
      for (const role of staffOf(random, number <= 2)) {
        addPerson({ school: school.id, cluster, arm: 'intervention', role });
      }
    }
  });
  const comparison = schools.length;
  for (let number = 1; number <= comparison; number += 1) {
    const label = String(number).padStart(3, '0');
    const school = schoolOf(random, `x-s${label}`, `Comparison Primary ${label}`, 'comparison', null);
    schools.push(school);
    for (const role of staffOf(random, false).filter((each) => each !== 'peer-reviewer')) {
      addPerson({ school: school.id, cluster: null, arm: 'comparison', role });
    }
  }
  return { clusters, schools, people };
}

function schoolOf(random: Random, id: string, name: string, arm: string, cluster: string | null): School {
  return {
    id,
    name,
    arm,
    cluster,
    phase: 'primary',
    pupils: Math.max(60, Math.round(270 + 110 * random.normal())),
    disadvantaged: Math.round(100 * Math.min(0.75, Math.max(0.03, 0.25 + 0.13 * random.normal()))) / 100,
  };
}

/** Staff of a school who are surveyed; a champion only in the cluster's first schools. */
function staffOf(random: Random, withChampion: boolean): Role[] {
  const teachers = Array.from({ length: random.integer(2, 4) }, (): Role => 'teacher');
  const leaders: Role[] = ['headteacher', 'senior-leader', 'middle-leader', 'peer-reviewer'];
  return withChampion ? [...leaders, 'improvement-champion', ...teachers] : [...leaders, ...teachers];
}
