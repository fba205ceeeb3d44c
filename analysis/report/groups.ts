/** Schools in clusters in arms, with their people: what all tables by group are made from. Called by the sections. */
import { type CountTree, type ShownCount, type ShownTree, suppressTree } from '../disclosure.ts';
import type { AdministrationReportInput, RateInput, ReportRow } from './input.ts';

export interface Group {
  readonly level: 'all' | 'arm' | 'cluster' | 'school';
  readonly id: string;
  readonly name: string;
  /** Names of the arm and the cluster that hold it; empty above. */
  readonly arm: string;
  readonly cluster: string;
  /** Positions of its people in `input.rows`. */
  readonly people: readonly number[];
  readonly invited: number;
  readonly responded: number;
  readonly parts: readonly Group[];
}

/** A rate, or the response at position `row` of `input.rows`. */
type Member = { readonly place: RateInput; readonly row: null } | { readonly place: ReportRow; readonly row: number };

/** Names by id, and the place of each id in the order of the tables. */
interface Roster {
  readonly names: ReadonlyMap<string, string>;
  readonly ranks: ReadonlyMap<string, number>;
}

/**
 * Everybody, down to the schools. Groups without invitations and responses are left out; schools outside any cluster
 * form a group of their own in their arm; whatever a roster does not know goes by its id.
 */
export function groupsOf(
  input: Pick<AdministrationReportInput, 'clusters' | 'schools' | 'rates' | 'rows'> & {
    readonly study: Pick<AdministrationReportInput['study'], 'arms'>;
  },
): Group {
  const arms = rosterOf(input.study.arms, (arm) => arm.title);
  const clusters = rosterOf(input.clusters, (cluster) => cluster.name);
  const schools = rosterOf(input.schools, (school) => school.name);
  const members: Member[] = [
    ...input.rates.map((place): Member => ({ place, row: null })),
    ...input.rows.map((place, row): Member => ({ place, row })),
  ];
  const armGroups = split(members, arms, (place) => place.arm).map(([armId, inArm]) => {
    const arm = arms.names.get(armId) ?? armId;
    const clusterGroups = split(inArm, clusters, (place) => place.cluster).map(([clusterId, inCluster]) => {
      const cluster = clusterId === '' ? `${arm}: outside clusters` : (clusters.names.get(clusterId) ?? clusterId);
      const schoolGroups = split(inCluster, schools, (place) => place.school).map(([schoolId, inSchool]) => {
        const name = schoolId === '' ? `${cluster}: no school` : (schools.names.get(schoolId) ?? schoolId);
        return groupOf({ level: 'school', id: schoolId, name, arm, cluster }, inSchool, []);
      });
      return groupOf({ level: 'cluster', id: clusterId, name: cluster, arm, cluster: '' }, inCluster, schoolGroups);
    });
    return groupOf({ level: 'arm', id: armId, name: arm, arm: '', cluster: '' }, inArm, clusterGroups);
  });
  return groupOf({ level: 'all', id: 'all', name: 'All', arm: '', cluster: '' }, members, armGroups);
}

function rosterOf<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
): Roster {
  return {
    names: new Map(entries.map((entry) => [entry.id, nameOf(entry)])),
    ranks: new Map(entries.map((entry, place) => [entry.id, place])),
  };
}

function groupOf(
  name: Pick<Group, 'level' | 'id' | 'name' | 'arm' | 'cluster'>,
  members: readonly Member[],
  parts: readonly Group[],
): Group {
  const people: number[] = [];
  let invited = 0;
  let responded = 0;
  for (const member of members) {
    if (member.row !== null) {
      people.push(member.row);
      continue;
    }
    invited += member.place.invited;
    responded += member.place.responded;
  }
  return { ...name, people, invited, responded, parts };
}

/** All groups of a level, in order. */
export function groupsAt(group: Group, level: Group['level']): Group[] {
  return group.level === level ? [group] : group.parts.flatMap((part) => groupsAt(part, level));
}

/**
 * The count of every group, null where it must not be shown.
 * @param countOf people of a group; of a group with parts it must be the sum over the parts
 */
export function shownCounts(
  all: Group,
  countOf: (group: Group) => number,
  input: { readonly study: { readonly minimumCell: number }; readonly suppress: boolean },
): Map<Group, ShownCount> {
  const shown = new Map<Group, ShownCount>();
  const tree = (group: Group): CountTree => ({ count: countOf(group), parts: group.parts.map(tree) });
  const collect = (group: Group, seen: ShownTree) => {
    shown.set(group, seen.count);
    group.parts.forEach((part, i) => {
      const below = seen.parts[i];
      if (below) collect(part, below);
    });
  };
  collect(all, suppressTree(tree(all), input.suppress ? input.study.minimumCell : 0));
  return shown;
}

/** Members by a key, in the order of the roster, then whatever it does not know; the empty key comes last. */
function split(
  members: readonly Member[],
  { ranks }: Roster,
  keyOf: (place: Member['place']) => string | null,
): [string, Member[]][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const key = keyOf(member.place) ?? '';
    const group = groups.get(key);
    if (group) group.push(member);
    else groups.set(key, [member]);
  }
  const rankOf = (key: string) => (key === '' ? ranks.size + 1 : (ranks.get(key) ?? ranks.size));
  return [...groups].sort(([a], [b]) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}
