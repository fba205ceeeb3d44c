/**
 * A study on one page, while it runs: where response or fidelity falls behind, what has changed since last week, what to do next.
 * Kept until the data change, and otherwise for ten times as long as making it took. Called by the route.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../instruments/canonical.ts';
import { dayAfter } from '../../instruments/fidelity/windows.ts';
import type { Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import { listAmendments } from '../amendments/store.ts';
import type { Context } from '../context.ts';
import { listModels } from '../fidelity/models.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { countInvited } from '../invitations/counts.ts';
import { keeper } from '../kept.ts';
import { listReleases } from '../releases/store.ts';
import { countComplete } from '../responses/counts.ts';
import { countFurther } from '../responses/entries-store.ts';
import { type Action, actionsOf } from './actions.ts';
import { type Change, changesSince } from './changes.ts';
import { type FidelityBehind, fidelityBehind, loadFidelity } from './fidelity.ts';
import type { Overviewed, Reader } from './reader.ts';
import { type ResponseBehind, responseBehind } from './response.ts';

export interface Overview {
  readonly today: string;
  /** The day a week ago: what came after it is new. */
  readonly since: string;
  /** Null for readers without the right. */
  readonly response: ResponseBehind | null;
  /** Null for readers without the right, and without a published model. */
  readonly fidelity: FidelityBehind | null;
  readonly changes: readonly Change[];
  readonly actions: readonly Action[];
}

const overviews = keeper<Overview>();
/** What a reader may do decides what stands on the page. */
const asked = [
  'administration.read',
  'administration.manage',
  'roster.manage',
  'invitation.read',
  'invitation.manage',
  'fidelity.read',
  'fidelity.manage',
  'message.read',
  'report.read',
  'instrument.manage',
  'dataset.export',
] as const;

export async function overviewOf(context: Context, study: Study, reader: Reader): Promise<Overview> {
  const version = await versionOf(context, study, reader);
  const rights = asked.filter((permission) => reader.may(permission));
  const name = canonicalJson([study.id, version, rights, reader.scope]);
  return overviews(context.db, name, () => makeOverview(context, study, reader));
}

async function makeOverview(context: Context, study: Study, reader: Reader): Promise<Overview> {
  const { db, clock } = context;
  const now = clock();
  const today = dayIn(study.timeZone, now);
  const since = dayAfter(today, -7);
  const administrations = await Promise.all(
    (await listAdministrations(db, study.id))
      .filter(({ pilot }) => !pilot)
      .map(async (one) => {
        const { instrument } = await compiledInstrument(db, one.instrument, one.version);
        return { ...one, repeated: instrument.kind !== 'survey' };
      }),
  );
  const sinceAt = new Date(now.getTime() - 7 * 86_400_000);
  const overviewed: Overviewed = { context, study, administrations, reader, today, since, sinceAt };
  const response = reader.may('administration.read') ? await responseBehind(overviewed) : null;
  const fidelity = await loadFidelity(overviewed);
  return {
    ...{ today, since, response },
    fidelity: fidelity && fidelityBehind(fidelity),
    changes: await changesSince(overviewed, response, fidelity),
    actions: await actionsOf(overviewed, fidelity),
  };
}

/** Changes with whatever can be told cheaply of the data: who was asked, what came, what was decided, the day. */
async function versionOf({ db, clock }: Context, study: Study, { scope }: Reader): Promise<string> {
  const [administrations, models, amendments, releases, invited, complete, further] = await Promise.all([
    listAdministrations(db, study.id),
    listModels(db, study.id),
    // What stands for the whole study is not read for those who see single clusters.
    scope === 'all' ? listAmendments(db, study.id) : [],
    scope === 'all' ? listReleases(db, study.id) : [],
    countInvited(db, study.id, undefined, scope),
    countComplete(db, study.id, undefined, scope),
    countFurther(db, study.id),
  ]);
  const parts = [
    ...[study, dayIn(study.timeZone, clock()), amendments.length, releases.length, further],
    administrations.map(({ id, revision, state, opens, closes, title }) => [
      id,
      revision ?? 0,
      state,
      opens,
      closes,
      title,
    ]),
    models.map(({ version, state, hash }) => [version, state, hash]),
    // The database counts groups in no order.
    [invited, complete].map((rows) => rows.map(canonicalJson).sort()),
  ];
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}
