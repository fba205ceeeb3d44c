/**
 * What has changed since a week ago: answers, logged events, events that became late, steps of the model, amendments, messages
 * that came back, releases. Each for whoever may read the thing itself. Called by `overview.ts`.
 */

import { listAmendments } from '../amendments/store.ts';
import type { Fidelity } from '../fidelity/fidelity.ts';
import { listModels } from '../fidelity/models.ts';
import { countBouncedSince } from '../outbox/store.ts';
import { listReleases } from '../releases/store.ts';
import { receivedSince } from '../responses/counts.ts';
import type { Overviewed } from './reader.ts';
import type { ResponseBehind } from './response.ts';

export const changeKinds = ['answers', 'logs', 'events', 'late', 'model', 'amendments', 'bounced', 'releases'] as const;

export interface Change {
  readonly kind: (typeof changeKinds)[number];
  /** Null where it must not be shown. */
  readonly n: number | null;
  /** What they are, newest first: in the words of those who wrote them. */
  readonly told: readonly string[];
}

const mostTold = 5;

/** Only what there is something of; what must not be shown stands there without its number. */
export async function changesSince(
  overviewed: Overviewed,
  response: ResponseBehind | null,
  fidelity: Fidelity | null,
): Promise<Change[]> {
  const all = [
    ...(response ? [answers(response)] : []),
    ...(await logged(overviewed, fidelity)),
    ...late(overviewed, fidelity),
    // What stands for the whole study is for those who see the whole study.
    ...(overviewed.reader.scope === 'all' ? await ofStudy(overviewed) : []),
  ];
  return all.filter(({ n }) => n !== 0);
}

function answers({ administrations }: ResponseBehind): Change {
  const gained = administrations.map(({ title, responded, weekAgo }) => ({
    title,
    n: responded === null || weekAgo === null ? null : responded - weekAgo,
  }));
  const told = gained.flatMap(({ title, n }) => (n === null || n === 0 ? [] : [`${title}: ${n}`]));
  const hidden = gained.some(({ n }) => n === null);
  return { kind: 'answers', n: hidden ? null : gained.reduce((sum, { n }) => sum + (n ?? 0), 0), told };
}

/** Logs and observations that came, and the events in them that count. */
async function logged(
  { context, study, administrations, reader, sinceAt }: Overviewed,
  fidelity: Fidelity | null,
): Promise<Change[]> {
  if (!reader.may('fidelity.read')) return [];
  const ids = administrations.filter(({ repeated }) => repeated).map(({ id }) => id);
  const responses = await receivedSince(context.db, study.id, ids, sinceAt, reader.scope);
  const entries = new Set((fidelity?.dose ?? []).flatMap((row) => row.entries));
  const events = [...entries].filter((id) => responses.has(id.split(':')[0] ?? ''));
  return [
    { kind: 'logs', n: responses.size, told: [] },
    { kind: 'events', n: events.length, told: [] },
  ];
}

/** Due within the week and not there. */
function late({ since }: Overviewed, fidelity: Fidelity | null): Change[] {
  if (!fidelity) return [];
  return [{ kind: 'late', n: fidelity.late.filter(({ due }) => due >= since).length, told: [] }];
}

async function ofStudy({ context: { db }, study, administrations, reader, sinceAt }: Overviewed): Promise<Change[]> {
  const isNew = ({ at }: { readonly at: Date }) => at >= sinceAt;
  const changes: Change[] = [];
  if (reader.may('fidelity.read')) {
    const steps = (await listModels(db, study.id))
      .flatMap(({ version, history }) => history.map((step) => ({ ...step, version })))
      .filter((step) => step.state !== 'draft' && isNew(step));
    changes.push(newest('model', steps, ({ version, state }) => `Version ${version}: ${state}`));
  }
  if (reader.may('administration.read')) {
    const amendments = (await listAmendments(db, study.id)).filter(isNew);
    changes.push(newest('amendments', amendments, ({ number, thing, why }) => `${number}, ${thing.title}: ${why}`));
  }
  if (reader.may('message.read')) {
    const ids = administrations.map(({ id }) => id);
    changes.push({ kind: 'bounced', n: await countBouncedSince(db, study.id, ids, sinceAt), told: [] });
  }
  if (reader.may('report.read')) {
    const releases = (await listReleases(db, study.id)).filter(isNew);
    changes.push(newest('releases', releases, ({ number, purpose }) => `${number}: ${purpose}`));
  }
  return changes;
}

function newest<T extends { readonly at: Date }>(
  kind: Change['kind'],
  things: readonly T[],
  words: (thing: T) => string,
): Change {
  const sorted = [...things].sort((one, other) => other.at.getTime() - one.at.getTime());
  return { kind, n: things.length, told: sorted.slice(0, mostTold).map(words) };
}
