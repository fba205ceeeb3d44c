/**
 * Marks addresses whose messages came back, from a list or from the text of such messages. Called by the route. The
 * addresses are looked up and forgotten.
 */
import type { Context } from '../context.ts';
import { findPeopleByEmail } from '../identities/store.ts';
import { bounceLastMessage } from '../outbox/store.ts';
import { markBounced } from './stops.ts';

/** In a delivery status notification (RFC 3464) the recipient that failed stands in a field of its own. */
const finalRecipient = /^Final-Recipient:\s*rfc822;\s*<?([^\s<>]+@[^\s<>]+?)>?\s*$/gim;
const anyAddress = /[^\s<>()[\],;:"']+@[^\s<>()[\],;:"']+\.[^\s<>()[\],;:"']+/gu;

/** The addresses that a text names as refused: those of status notifications where there are any, else all addresses. */
export function refusedAddresses(text: string): string[] {
  const inReports = [...text.matchAll(finalRecipient)].flatMap(([, address]) => (address ? [address] : []));
  const found = inReports.length > 0 ? inReports : (text.match(anyAddress) ?? []);
  return [...new Set(found.map((address) => address.replace(/[.]+$/, '').toLowerCase()))];
}

/** How many addresses there were, how many people they belong to, and how many of them were not marked before. */
export async function markBouncesIn(
  context: Context,
  study: string,
  text: string,
): Promise<{ addresses: number; people: number; marked: number }> {
  const addresses = refusedAddresses(text);
  const people = await findPeopleByEmail(context, study, addresses);
  let found = 0;
  let marked = 0;
  for (const [address, ids] of people) {
    for (const person of ids) {
      found += 1;
      if (await markBounced(context, study, person, address)) marked += 1;
      await bounceLastMessage(context, study, person);
    }
  }
  return { addresses: addresses.length, people: found, marked };
}
