/**
 * Evidence and the response that names it: whether all that is named came through the same link, and binding it to what was
 * stored. What a crash leaves unbound, the sweep binds; what nothing names, it removes. Called by the submission and the sweeper.
 */
import { isBlankThroughout } from '../../instruments/blank.ts';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { Issue } from '../../instruments/instrument.ts';
import { isObject, own } from '../../instruments/json.ts';
import { type LinkedList, linkedLists } from '../../instruments/linked-answers.ts';
import { findAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { loadDraft } from '../responses/drafts.ts';
import { type Link, loadOffer } from '../responses/offers.ts';
import { collectionOfResponses } from '../responses/store.ts';
import { findStudy } from '../studies/store.ts';
import {
  type Evidence,
  listEvidenceOf,
  listUnattached,
  markAttached,
  removeLeftovers,
  removeUnattached,
} from './store.ts';

type Named = { readonly key: string; readonly name: unknown; readonly path: string; readonly of: LinkedList };

function filesIn(compiled: CompiledInstrument, answers: unknown): Named[] {
  return linkedLists(compiled, answers, 'files').flatMap((of) =>
    of.list.flatMap((file, at) =>
      isObject(file) ? [{ key: String(file.content), name: file.name, path: `${of.path}[${at}]`, of }] : [],
    ),
  );
}

const placeOf = ({ administration, invitation }: Pick<Link, 'administration' | 'invitation'>) => ({
  study: administration.study,
  administration: administration.id,
  invitation: invitation._id,
});

/**
 * @param response the id that these answers would have: what came with another entry of the link stays with that
 * @param answers checked ones
 */
export async function evidenceIssues(
  { db }: Pick<Context, 'db'>,
  link: Link,
  response: string,
  answers: unknown,
): Promise<Issue[]> {
  const named = filesIn(link.compiled, answers);
  if (named.length === 0) return [];
  const known = new Map((await listEvidenceOf(db, placeOf(link))).map((one) => [one.key, one]));
  const seen = new Set<string>();
  return named.flatMap(({ key, name, path, of }) => {
    const file = known.get(key);
    const taken = link.administration.repeats && file?.response != null && file.response !== response;
    const fits = file?.question === of.question && file.name === name && !seen.has(key) && !taken;
    seen.add(key);
    if (fits) return [];
    const message = 'This file did not arrive, or not through this link. Remove it, and attach it again.';
    return [{ code: 'unknown-file', path, message }];
  });
}

/** Binds all files that a stored response names to it. May be run again. */
export async function attachEvidence(
  { db }: Pick<Context, 'db'>,
  link: Link,
  response: string,
  answers: unknown,
): Promise<void> {
  const named = filesIn(link.compiled, answers);
  if (named.length === 0) return;
  const known = new Map((await listEvidenceOf(db, placeOf(link))).map((one) => [one.key, one]));
  for (const { key, of } of named) {
    const file = known.get(key);
    if (file && file.response !== response) await markAttached(db, file._id, { response, entry: entryOf(of, answers) });
  }
}

/** The entry as coded rows count it: those without any answer are left out. */
function entryOf({ entry }: LinkedList, answers: unknown): Evidence['entry'] {
  if (entry === null) return null;
  const rows = isObject(answers) ? own(answers, entry.table) : undefined;
  const upTo = Array.isArray(rows) ? rows.slice(0, entry.at + 1) : [];
  return { table: entry.table, number: upTo.filter((row) => !isBlankThroughout(row)).length };
}

/** Whoever chose a file and has not sent yet keeps it while a draft names it, and for a day in any case. */
const keptMs = 24 * 60 * 60 * 1000;

/** Binds what was left unbound, and removes uploads that were never sent. */
export async function sweepEvidence(context: Context): Promise<void> {
  const { db } = context;
  const before = new Date(context.clock().getTime() - keptMs);
  for (const file of await listUnattached(db, before)) await settle(context, file);
  await removeLeftovers(db, before);
}

async function settle(context: Context, file: Evidence): Promise<void> {
  const { db } = context;
  const [of, at] = await Promise.all([
    findStudy(db, file.study),
    findAdministration(db, file.study, file.administration),
  ]);
  // What arrived while its study or administration was removed.
  if (!of || !at) {
    await removeUnattached(db, file);
    return;
  }
  const offer = await loadOffer(context, file.study, file.administration);
  const names = (answers: unknown) => filesIn(offer.compiled, answers).find(({ key }) => key === file.key);
  const { study, administration: id, invitation } = file;
  const through = [{ invitation }, { entryOf: invitation }];
  const sent = { study, administration: id, withdrawn: false, $or: through };
  for await (const { _id, answers } of collectionOfResponses(db).find(sent).sort({ receivedAt: -1 })) {
    const named = names(answers);
    if (named) return markAttached(db, file._id, { response: _id, entry: entryOf(named.of, answers) });
  }
  const { administration } = offer;
  const draft = await loadDraft(db, { administration, invitation: { _id: file.invitation }, token: '' });
  if (!names(draft?.answers)) await removeUnattached(db, file);
}
