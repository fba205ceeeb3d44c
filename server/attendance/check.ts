/**
 * Whether everybody who is ticked may be ticked through this link: people of its school or cluster, and nobody through a link
 * that shows nobody. Called by the submission and by the keeping of drafts, behind the strict check.
 */
import type { Issue } from '../../instruments/instrument.ts';
import { linkedLists } from '../../instruments/linked-answers.ts';
import type { Context } from '../context.ts';
import type { Link } from '../responses/offers.ts';
import { membersFor } from './people.ts';

/** @param answers checked ones */
export async function tickIssues(
  context: Pick<Context, 'db' | 'clock'>,
  link: Link,
  answers: unknown,
): Promise<Issue[]> {
  const lists = linkedLists(link.compiled, answers, 'people');
  if (lists.length === 0) return [];
  const members = await membersFor(context, link);
  if (members === null) {
    const message = 'People cannot be ticked through this link; leave the list empty.';
    return lists.map(({ path }) => ({ code: 'people-not-offered', path, message }));
  }
  const known = new Set(members.map(({ id }) => id));
  const message = 'This person is not on the list any more. Open the page again, and look at who is ticked.';
  return lists.flatMap(({ path, list }) =>
    list.flatMap((person, at) =>
      known.has(String(person)) ? [] : [{ code: 'unknown-person', path: `${path}[${at}]`, message }],
    ),
  );
}
