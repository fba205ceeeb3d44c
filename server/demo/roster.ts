/**
 * Clusters, schools and people of the demonstration study: 50 clusters of three to seven schools named after trees, as
 * many comparison schools named after birds, and about seven staff in each. Made from a seed, always the same.
 */
import type { Random } from '../../instruments/random.ts';
import type { Cluster, Role, School } from '../../instruments/study.ts';
import type { Person } from '../rosters/store.ts';

const trees =
  'Alder Almond Apple Ash Aspen Bay Beech Birch Blackthorn Box Briar Broom Cedar Cherry Chestnut Cypress Dogwood Elder Elm Fern ' +
  'Fir Gorse Hawthorn Hazel Heather Holly Hornbeam Ivy Juniper Laburnum Larch Laurel Lilac Lime Linden Maple Medlar ' +
  'Mulberry Myrtle Oak Olive Pear Pine Plum Poplar Rowan Spindle Sycamore Willow Yew';
const birds =
  'Avocet Bittern Blackbird Blackcap Bullfinch Bunting Chaffinch Chough Coot Crossbill Cuckoo Curlew Dipper Dotterel Dunlin ' +
  'Dunnock Fieldfare Finch Flycatcher Goldcrest Goldfinch Goosander Grebe Greenfinch Harrier Heron Hobby Jackdaw Jay Kestrel ' +
  'Kingfisher Kittiwake Lapwing Linnet Magpie Martin Merlin Moorhen Nightingale Nuthatch Osprey Oriole Pipit Plover ' +
  'Redstart Redwing Robin Sandpiper Siskin Swift';

export interface Roster {
  readonly clusters: Cluster[];
  readonly schools: School[];
  readonly people: Person[];
}

export function demoRoster(random: Random): Roster {
  const clusters: Cluster[] = [];
  const schools: School[] = [];
  const people: Person[] = [];
  const addPerson = (person: Omit<Person, 'id'>) => {
    people.push({ id: `p${String(people.length + 1).padStart(4, '0')}`, ...person });
  };
  const birdNames = birds.split(' ');
  for (const [at, tree] of trees.split(' ').entries()) {
    const cluster = { id: tree.toLowerCase(), name: `${tree} cluster`, arm: 'intervention' };
    clusters.push(cluster);
    const size = random.integer(3, 7);
    for (let number = 1; number <= size; number += 1) {
      const school = schoolOf(random, tree, number, 'intervention', cluster.id);
      schools.push(school);
      for (const role of staffOf(random, school))
        addPerson({ school: school.id, cluster: cluster.id, arm: school.arm, role });
      addPerson({ school: school.id, cluster: cluster.id, arm: school.arm, role: 'peer-reviewer' });
      // The statistically similar school that is not in the programme.
      const similar = {
        ...schoolOf(random, birdNames[at] ?? tree, number, 'comparison', null),
        disadvantaged: near(random, school.disadvantaged),
      };
      schools.push(similar);
      for (const role of staffOf(random, similar))
        addPerson({ school: similar.id, cluster: null, arm: similar.arm, role });
    }
    addPerson({ school: null, cluster: cluster.id, arm: 'intervention', role: 'coordinator' });
  }
  return { clusters, schools, people };
}

function schoolOf(random: Random, name: string, number: number, arm: string, cluster: string | null): School {
  const disadvantaged = Math.min(0.7, Math.max(0.02, 0.24 + 0.12 * random.normal()));
  return {
    id: `${name.toLowerCase()}-${number}`,
    name: `${name} Primary ${number}`,
    arm,
    cluster,
    phase: 'primary',
    pupils: Math.max(60, Math.round(270 + 110 * random.normal())),
    disadvantaged: Math.round(disadvantaged * 1000) / 1000,
  };
}

function near(random: Random, share: number | null): number {
  return Math.round(Math.min(0.7, Math.max(0.02, (share ?? 0.24) + 0.03 * random.normal())) * 1000) / 1000;
}

/** About seven: leaders, an Improvement Champion in programme schools, and more teachers in larger schools. */
function staffOf(random: Random, school: School): Role[] {
  const leaders: Role[] = ['headteacher', 'senior-leader', 'middle-leader'];
  if (school.arm === 'intervention') leaders.push('improvement-champion');
  const wanted = Math.round(7 + ((school.pupils ?? 270) - 270) / 110 + 0.5 * random.normal());
  const teachers = Math.min(10, Math.max(5, wanted)) - leaders.length;
  return [...leaders, ...new Array<Role>(teachers).fill('teacher')];
}
