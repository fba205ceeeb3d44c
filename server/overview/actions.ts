/** What to do next, most pressing first, each for whoever may do it. Called by `overview.ts`. */
import { dayAfter } from '../../instruments/fidelity/windows.ts';
import type { Fidelity } from '../fidelity/fidelity.ts';
import { listModels } from '../fidelity/models.ts';
import { listDrafts } from '../instruments/drafts/store.ts';
import { callList } from '../rates/calls.ts';
import { countRosterWithin } from '../rosters/store.ts';
import type { Overviewed } from './reader.ts';

export const actionKinds = [
  'add-roster',
  'plan-first',
  'close-soon',
  'call',
  'log-late',
  'resolve',
  'open-soon',
  'wave-unplanned',
  'begin-model',
  'publish-model',
  'lock-model',
  'publish-draft',
] as const;

export interface Action {
  readonly kind: (typeof actionKinds)[number];
  /** How many there are; null where that says nothing. */
  readonly n: number | null;
  /** What it is about, by id and in words; null: the study. */
  readonly about: { readonly id: string; readonly title: string } | null;
  readonly day: string | null;
}

/** Days in which something opens or closes `soon`. */
const soon = 14;
/** The rule of the call list unless somebody asks for another. */
const usualRule = { below: 50, after: 5, unopened: 3 };

export async function actionsOf(overviewed: Overviewed, fidelity: Fidelity | null): Promise<Action[]> {
  const found = [
    ...(await beginning(overviewed)),
    ...days(overviewed),
    ...(await calls(overviewed)),
    ...findings(overviewed, fidelity),
    ...(overviewed.reader.scope === 'all' ? [...(await models(overviewed)), ...(await drafts(overviewed))] : []),
  ];
  const rank = new Map(actionKinds.map((kind, at) => [kind, at]));
  return found.sort(
    (one, other) =>
      (rank.get(one.kind) ?? 0) - (rank.get(other.kind) ?? 0) ||
      (one.day ?? '').localeCompare(other.day ?? '') ||
      (other.n ?? 0) - (one.n ?? 0),
  );
}

const plain = (kind: Action['kind'], n: number | null = null): Action => ({ kind, n, about: null, day: null });

async function beginning({ context, study, administrations, reader }: Overviewed): Promise<Action[]> {
  const { may, scope } = reader;
  const { schools } = may('roster.manage') ? await countRosterWithin(context.db, study.id, scope) : { schools: 1 };
  return [
    ...(schools === 0 ? [plain('add-roster')] : []),
    ...(administrations.length === 0 && may('administration.manage') ? [plain('plan-first')] : []),
  ];
}

function days({ study, administrations, reader, today }: Overviewed): Action[] {
  if (!reader.may('administration.manage')) return [];
  const last = dayAfter(today, soon);
  const within = (day: string) => today <= day && day <= last;
  const about = ({ id, title }: { readonly id: string; readonly title: string }) => ({ id, title });
  return [
    ...administrations.flatMap((one): Action[] => {
      if (one.state === 'planned' && within(one.opens) && one.opens > today) {
        return [{ kind: 'open-soon', n: null, about: about(one), day: one.opens }];
      }
      const open = one.state !== 'closed' && one.opens <= today;
      return open && within(one.closes) ? [{ kind: 'close-soon', n: null, about: about(one), day: one.closes }] : [];
    }),
    ...study.waves
      .filter(({ id, opens }) => within(opens) && !administrations.some(({ wave }) => wave === id))
      .map((wave): Action => ({ kind: 'wave-unplanned', n: null, about: about(wave), day: wave.opens })),
  ];
}

async function calls({ context, administrations, reader, today }: Overviewed): Promise<Action[]> {
  if (!reader.may('invitation.read')) return [];
  const running = administrations.filter(
    ({ repeated, state, opens, closes }) => !repeated && state === 'open' && opens <= today && today <= closes,
  );
  const found: Action[] = [];
  for (const administration of running) {
    const { rows } = await callList(context, administration, usualRule, reader.scope);
    const n = rows.filter(({ hiddenUntil }) => hiddenUntil === null).length;
    const { id, title } = administration;
    if (n > 0) found.push({ kind: 'call', n, about: { id, title }, day: null });
  }
  return found;
}

function findings({ reader }: Overviewed, fidelity: Fidelity | null): Action[] {
  if (!fidelity) return [];
  const { late, flags } = fidelity;
  // Coordinators log, or ask for the log; so do evaluators.
  const mayAsk = reader.may('invitation.manage');
  const open = flags.filter(({ kind, resolutions }) => kind !== 'late-event' && resolutions.length === 0);
  return [
    ...(late.length > 0 && mayAsk ? [plain('log-late', late.length)] : []),
    ...(open.length > 0 && reader.may('fidelity.manage') ? [plain('resolve', open.length)] : []),
  ];
}

async function models({ context, study, reader }: Overviewed): Promise<Action[]> {
  if (!reader.may('fidelity.manage')) return [];
  const last = (await listModels(context.db, study.id)).at(-1);
  if (!last) return [plain('begin-model')];
  if (last.state === 'locked') return [];
  const kind = last.state === 'draft' ? 'publish-model' : 'lock-model';
  return [{ ...plain(kind), about: { id: String(last.version), title: last.model.title } }];
}

/** Of instruments that the study uses. */
async function drafts({ context, administrations, reader }: Overviewed): Promise<Action[]> {
  if (!reader.may('instrument.manage')) return [];
  const used = new Set(administrations.map(({ instrument }) => instrument));
  return (await listDrafts(context.db))
    .filter(({ state, instrument }) => state === 'open' && used.has(instrument))
    .map(({ id, title }) => ({ kind: 'publish-draft', n: null, about: { id, title }, day: null }));
}
