/**
 * The fidelity of a study: per cluster and school component scores, dose, index and compliance, with findings about the data.
 * `fidelityOf` is what the pages, the command line, datasets and reports call. What is read and coded is kept until the data, the
 * roster, the model or a decision changes.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { countsPeople, withAttendance } from '../../analysis/process/attendance.ts';
import { type LateEvent, lateEvents } from '../../analysis/process/dose.ts';
import { type ProcessInput, windowsOf } from '../../analysis/process/input.ts';
import { contradictionFlags, lateFlags } from '../../analysis/process/late-flags.ts';
import { type Picture, type PlaceFidelity, pictureOf } from '../../analysis/process/picture.ts';
import { countedEntries, type Decision, entryFlags, type Flag } from '../../analysis/process/quality.ts';
import { comparedUnits } from '../../analysis/process/sources.ts';
import { canonicalJson } from '../../instruments/canonical.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { erasedAmong } from '../identities/store.ts';
import { Problem } from '../problems.ts';
import { countResponses } from '../responses/counts.ts';
import { furtherEntries } from '../responses/entries-store.ts';
import { replacedIds } from '../responses/store.ts';
import { listWithdrawals, withdrawnPeople } from '../rights/store.ts';
import { listDatedPeople, listPeopleWithin, listPlacesAt, peopleMark } from '../rosters/as-at.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { gatherEntries, readAdministrations } from './gather.ts';
import { findCurrentModel, type StoredModel } from './models.ts';
import { listResolutions, type Resolution } from './resolutions.ts';

export interface FidelityReader {
  /** Clusters and schools that the reader may see. */
  readonly scope: Scope;
  /** True for readers who may not see identified rows: scores of too few people are withheld. */
  readonly suppress: boolean;
}

/** A finding with what was decided on it, oldest first. */
export interface ResolvedFlag extends Flag {
  readonly resolutions: readonly Pick<Resolution, 'decision' | 'why' | 'by' | 'at' | 'number'>[];
}

export interface Fidelity {
  readonly study: Pick<Study, 'id' | 'title' | 'simulated' | 'minimumCell'>;
  readonly model: Pick<StoredModel, 'version' | 'state' | 'hash'> & Pick<FidelityModel, 'id' | 'title'>;
  readonly compliance: FidelityModel['compliance'];
  readonly components: readonly Pick<
    FidelityModel['components'][number],
    'id' | 'title' | 'dimension' | 'core' | 'level' | 'weight' | 'cycles' | 'cutoffs'
  >[];
  readonly cycles: readonly {
    readonly id: string;
    readonly title: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** The cycle that was asked for; null: all. */
  readonly cycle: string | null;
  /** ISO date in the study's time zone. */
  readonly today: string;
  /** SHA-256 of all that it was made from. */
  readonly dataVersion: string;
  readonly clusters: readonly PlaceFidelity[];
  readonly schools: readonly PlaceFidelity[];
  readonly dose: Picture['dose'];
  readonly late: readonly LateEvent[];
  readonly flags: readonly ResolvedFlag[];
  /** True when a score was withheld from this reader. */
  readonly withheld: boolean;
}

/** What a study's fidelity is made from; the same for every reader. */
export interface FidelityData {
  readonly study: Study;
  readonly stored: StoredModel;
  /** Entries that count. */
  readonly input: ProcessInput;
  /** All entries, also those that do not count. */
  readonly all: ProcessInput['entries'];
  readonly flags: readonly ResolvedFlag[];
  readonly version: string;
  readonly pictures: Map<string, Picture>;
  /** All places that were read, for asking which of them somebody may see. */
  readonly places: Pick<Picture, 'schools'>;
}

/** Studies, and scopes in them, whose entries are held. */
const mostKept = 50;
const kept = new WeakMap<Connection, Map<string, { version: string; data: Promise<FidelityData> }>>();

/**
 * Null where the study has no published model. Throws `invalid-request` for a cycle that the model has not.
 * @param cycle id of a cycle; none: all
 */
export async function fidelityOf(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  { cycle = null, reader }: { readonly cycle?: string | null; readonly reader: FidelityReader },
): Promise<Fidelity | null> {
  const data = await loadFidelityData(context, study, reader.scope);
  if (!data) return null;
  const { input, stored, flags, version } = data;
  const { model, today } = input;
  const windows = windowsOf(input);
  const cycles = model.cycles.flatMap(({ id, title }) => {
    const window = windows.get(id);
    return window ? [{ id, title, ...window }] : [];
  });
  if (cycle !== null && !windows.has(cycle)) {
    const known = cycles.map(({ id }) => id).join(', ');
    const message = `The model has no cycle "${cycle}" whose days can be told; there are: ${known || 'none'}.`;
    throw new Problem('invalid-request', { issues: [{ code: 'unknown-cycle', path: 'query.cycle', message }] });
  }
  const picture = pictureFor(data, cycle, reader.suppress);
  const inScope = seenIn(reader.scope, data.places);
  const dose = picture.dose.filter(({ level, place }) => inScope[level](place));
  const clusters = picture.clusters.filter(({ id }) => inScope.cluster(id));
  const schools = picture.schools.filter(({ id }) => inScope.school(id));
  return {
    study: { id: study.id, title: study.title, simulated: study.simulated, minimumCell: study.minimumCell },
    model: { id: model.id, title: model.title, version: stored.version, state: stored.state, hash: stored.hash },
    compliance: model.compliance,
    components: model.components.map(({ id, title, dimension, core, level, weight, cycles: own, cutoffs }) => ({
      ...{ id, title, dimension, core, level, weight, cycles: own, cutoffs },
    })),
    ...{ cycles, cycle, today, dataVersion: version, clusters, schools, dose },
    late: lateEvents(dose, today),
    flags: flags
      .filter((flag) => cycle === null || flag.cycle === null || flag.cycle === cycle)
      .filter(({ cluster, school }) =>
        reader.scope === 'all'
          ? true
          : school === null
            ? cluster !== null && inScope.cluster(cluster)
            : inScope.school(school),
      )
      .flatMap((flag) => flagFor(flag, reader) ?? []),
    withheld: [...clusters, ...schools].some(({ cells }) => cells.some(({ reason }) => reason === 'suppressed')),
  };
}

/** Who has left, and what somebody wrote, are told to those alone who may see rows. */
export function flagFor(flag: ResolvedFlag, { suppress }: Pick<FidelityReader, 'suppress'>): ResolvedFlag | null {
  if (!suppress) return flag;
  const ofPeople = flag.kind === 'person-left' || flag.kind === 'ticked-not-there';
  return ofPeople ? null : { ...flag, told: null };
}

/** A picture of all places, made once for each cycle and kind of reader. */
export function pictureFor(data: FidelityData, cycle: string | null, suppress: boolean): Picture {
  const name = `${cycle ?? ''} ${suppress}`;
  const known = data.pictures.get(name);
  if (known) return known;
  const picture = pictureOf(data.input, cycle === null ? null : [cycle], suppress ? data.study.minimumCell : null);
  data.pictures.set(name, picture);
  return picture;
}

/** Which places lie in a scope: named clusters with their schools, and named schools. */
export function seenIn(scope: Scope, { schools }: Pick<Picture, 'schools'>) {
  if (scope === 'all') return { cluster: () => true, school: () => true };
  const clusters = new Set(scope.clusters);
  const named = new Set(scope.schools);
  const inClusters = schools.filter(({ cluster }) => cluster !== null && clusters.has(cluster)).map(({ id }) => id);
  const seen = new Set([...named, ...inClusters]);
  return { cluster: (id: string) => clusters.has(id), school: (id: string) => seen.has(id) };
}

/** Of people whose scope names single schools, their whole clusters are read: what a cluster logs tells of its schools. */
async function readingScope(db: Connection, study: string, today: string, scope: Scope): Promise<Scope> {
  if (scope === 'all' || scope.schools.length === 0) return scope;
  const { schools } = await listPlacesAt(db, study, today, { clusters: [], schools: scope.schools });
  const clusters = schools.flatMap(({ cluster }) => cluster ?? []);
  return { clusters: [...new Set([...scope.clusters, ...clusters])].sort(), schools: scope.schools };
}

async function readRoster(db: Connection, study: string, today: string, scope: Scope) {
  if (scope === 'all') {
    const [clusters, schools] = await Promise.all([listClusters(db, study), listSchools(db, study)]);
    return { clusters, schools };
  }
  return listPlacesAt(db, study, today, scope);
}

/** People within these places who can be ticked: whoever has withdrawn or was erased is on no list. */
async function peopleToTick(
  db: Context['db'],
  study: string,
  places: Parameters<typeof listPeopleWithin>[2],
  scope: Scope,
): ReturnType<typeof listPeopleWithin> {
  const everybody = await listPeopleWithin(db, study, places, scope);
  const ids = everybody.map(({ id }) => id);
  const [withdrawn, erased] = await Promise.all([withdrawnPeople(db, study, ids), erasedAmong(db, study, ids)]);
  return everybody.filter(({ id }) => !withdrawn.has(id) && !erased.has(id));
}

/** Everything that is read, kept until something of it changes; of a scope nothing beside it. Null: no published model. */
export async function loadFidelityData(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  reads: Scope = 'all',
): Promise<FidelityData | null> {
  const { db, clock } = context;
  const stored = await findCurrentModel(db, study.id);
  if (!stored) return null;
  const today = dayIn(study.timeZone, clock());
  const scope = await readingScope(db, study.id, today, reads);
  const [{ clusters, schools }, people, resolutions, administrations, ...marks] = await Promise.all([
    readRoster(db, study.id, today, scope),
    listDatedPeople(db, study.id, scope),
    listResolutions(db, study.id, scope),
    readAdministrations(context, study.id, stored.model),
    replacedIds(db, study.id),
    furtherEntries(db, study.id),
    listWithdrawals(db, study.id),
    countsPeople(stored.model) ? peopleMark(db, study.id) : null,
  ]);
  const counted = await Promise.all(administrations.map(({ id }) => countResponses(db, study.id, id, scope)));
  // The database counts groups in no order.
  const counts = counted.map((groups) => groups.map(canonicalJson).sort());
  const { arms, waves, timeZone, minimumCell } = study;
  // Who withdraws is taken out of the lists of logs, whose number stays the same.
  const [replaced, further, withdrawals, staff] = marks;
  const taken = withdrawals.map(({ _id, state }) => [_id, state]);
  const rest = [clusters, schools, people, counts, taken, staff];
  const parts = [stored.hash, today, { arms, waves, timeZone, minimumCell }, ...rest];
  const decided = resolutions.map(({ flag, number, decision }) => [flag, number, decision]);
  const version = createHash('sha256')
    // A correction leaves every count as it was.
    .update(canonicalJson([...parts, decided, stored.state, replaced.sort(), further]))
    .digest('hex');
  const studies = kept.get(db) ?? new Map<string, { version: string; data: Promise<FidelityData> }>();
  kept.set(db, studies);
  const name = canonicalJson([study.id, scope]);
  const known = studies.get(name);
  if (known?.version === version) return known.data;
  const make = async (): Promise<FidelityData> => {
    const { model } = stored;
    const gathered = await gatherEntries(context, { model, study, schools, administrations, scope });
    const base = { model, waves, today, clusters, schools };
    const everybody = countsPeople(model) ? await peopleToTick(db, study.id, { clusters, schools }, scope) : [];
    const all = withAttendance({ ...base, entries: gathered.entries }, everybody);
    const { told } = gathered;
    const about = entryFlags({ ...base, entries: all, people: new Map(people.map((person) => [person.id, person])) });
    const last = new Map<string, Decision>(resolutions.map(({ flag, decision }) => [flag, decision]));
    const input: ProcessInput = { ...base, arms, told, entries: countedEntries(all, about, last) };
    const standing = new Set([...input.entries.values()].flatMap((list) => list.map(({ id }) => id)));
    const picture = pictureOf(input, null, null);
    const clusterOf = new Map(picture.schools.map(({ id, cluster }) => [id, cluster]));
    const titles = new Map(model.comparisons.map(({ id, title }) => [id, title]));
    const units = model.comparisons.flatMap((comparison) => comparedUnits(input, comparison));
    const flags = [
      ...about,
      ...contradictionFlags(units, (id) => titles.get(id) ?? id, minimumCell),
      ...lateFlags(input, lateEvents(picture.dose, today), clusterOf),
    ].map((flag): ResolvedFlag => {
      const own = resolutions.filter((one) => one.flag === flag.id);
      // The second log of an event stands for it where the first is left out.
      const counts = flag.after && flag.entry !== null ? standing.has(flag.entry) : flag.counts;
      return { ...flag, counts, resolutions: own };
    });
    return { study, stored, input, all, flags, version, pictures: new Map([[' false', picture]]), places: picture };
  };
  const data = make();
  if (studies.size >= mostKept) studies.clear();
  studies.set(name, { version, data });
  // A failure is not kept: the next request tries again.
  data.catch(() => studies.delete(name));
  return data;
}
