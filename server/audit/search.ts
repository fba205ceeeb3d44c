/** Searches the audit as people ask: by name, verb, study, time and outcome. Called by the audit's routes and its CSV. */
import { accountNames, listAccounts } from '../accounts/store.ts';
import type { Context } from '../context.ts';
import { type AuditEntry, type AuditFilter, findAuditEntries } from './store.ts';

/** What a person asks for. */
export interface AuditSearch {
  readonly who?: string | undefined;
  readonly verb?: string | undefined;
  readonly study?: string | undefined;
  readonly from?: string | undefined;
  readonly before?: string | undefined;
  readonly outcome?: AuditEntry['outcome'] | undefined;
}

const pageSize = 50;
const kinds: readonly AuditEntry['actor']['kind'][] = ['command', 'system', 'stranger', 'token'];

export async function searchAudit(context: Context, { page, ...search }: AuditSearch & { readonly page: number }) {
  const filter = await filterOf(context, search);
  const { entries, total } = await findAuditEntries(context.db, filter, {
    skip: (page - 1) * pageSize,
    limit: pageSize,
  });
  const names = await actorNames(context);
  return {
    entries: entries.map(({ _id, at, actor, previous: _, ...entry }) => ({
      number: _id,
      at: at.toISOString(),
      actor: { ...actor, name: names.get(actor.id ?? '') ?? null },
      ...entry,
    })),
    page,
    pages: Math.max(1, Math.ceil(total / pageSize)),
    total,
  };
}

/** Names of accounts by id, as they are now. The audit itself holds no names. */
export const actorNames = ({ db }: Pick<Context, 'db'>): Promise<ReadonlyMap<string, string>> => accountNames(db);

export async function filterOf({ db }: Pick<Context, 'db'>, search: AuditSearch): Promise<AuditFilter> {
  const { who, verb, study, from, before, outcome } = search;
  return {
    ...(who ? { actors: await actorsLike(db, who) } : {}),
    ...(verb ? { verb } : {}),
    ...(study ? { study } : {}),
    ...(from ? { from: new Date(from) } : {}),
    ...(before ? { before: new Date(before) } : {}),
    ...(outcome ? { outcome } : {}),
  };
}

/** Accounts by a part of name or address, or by id, also of those that were removed; users of the command line by name. */
async function actorsLike(db: Context['db'], who: string): Promise<NonNullable<AuditFilter['actors']>> {
  const words = who.toLowerCase();
  const found = (await listAccounts(db)).filter(
    ({ name, email }) => name.toLowerCase().includes(words) || email.includes(words),
  );
  return { ids: [who, ...found.map(({ id }) => id)], kinds: kinds.filter((kind) => kind === words) };
}
