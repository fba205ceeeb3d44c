/** What the respondent's other pages say of withdrawing. Called by responses/page.ts, screens.ts and problem-page.ts. */
import { mayWithdraw } from '../administrations/availability.ts';
import { type Html, html } from '../responses/html.ts';
import type { Link } from '../responses/offers.ts';
import { needsReceipt } from '../responses/receipts.ts';
import { longDay, type Speech } from '../responses/words.ts';

type Where = Pick<Link, 'administration' | 'invitation' | 'study'>;

/** Pages may be kept by browsers, so the token does not stand in them: the script (withdrawal-link.ts) completes the link. */
const toWithdrawal = ({ words: { withdrawal } }: Speech): Html =>
  html`<p class="to-withdrawal" hidden><a>${withdrawal.title}</a></p>`;

/** A sentence for the information sheet, or none where answers cannot be withdrawn. */
export function withdrawalFact({ administration, invitation, study }: Where, now: Date, speech: Speech): string | null {
  const words = speech.words.withdrawal;
  if (!mayWithdraw(study, now)) return null;
  const how = needsReceipt(administration, invitation) ? words.factCode : words.factLink;
  return study.withdrawUntil ? `${how} ${words.until(longDay(study.withdrawUntil, speech))}` : how;
}

/** For the end: how to withdraw, with the place of the receipt code, which thanks.ts fills in. */
export function withdrawalNote(link: Where, now: Date, speech: Speech): Html {
  const words = speech.words.withdrawal;
  const { administration, invitation, study } = link;
  if (!mayWithdraw(study, now)) return html``;
  const until = study.withdrawUntil ? html` ${words.until(longDay(study.withdrawUntil, speech))}` : html``;
  if (!needsReceipt(administration, invitation)) {
    return html`<h2>${words.mindTitle}</h2>
<p>${words.mindText}${until}</p>
${toWithdrawal(speech)}`;
  }
  return html`<div id="receipt" class="panel" hidden>
<h2>${words.receiptTitle}</h2>
<p id="receipt-code" class="code"></p>
<p>${words.receiptText} <a id="receipt-address" href="/withdraw">${words.title}</a>.${until}</p>
<p class="quiet">${words.receiptSafe}</p>
</div>`;
}

/** For the page of a link through which answers came: the way to take them back. */
export function withdrawalLink({ study }: Pick<Link, 'study'>, now: Date, speech: Speech): Html | null {
  return mayWithdraw(study, now) ? toWithdrawal(speech) : null;
}
