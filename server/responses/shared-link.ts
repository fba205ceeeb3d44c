/**
 * Links that a staffroom shares: one for a school and a role, and any number of responses through it, each under the
 * submission key of its own device. A response through one knows neither a person nor the link, whatever the mode of the
 * administration; school and role are all that it has. Nothing that is not sent is kept on the server, because whoever
 * opens the same link next must not find it. Used by the respondent's routes and `submit.ts`.
 */
import type { Administration } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import type { Invitation } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { limiter } from '../rate-limits.ts';
import { type Html, html } from './html.ts';
import type { Speech } from './words.ts';

type Sharing = { readonly invitation: Pick<Invitation, '_id' | 'shared'> };

export const isShared = ({ invitation }: Sharing): boolean => invitation.shared === true;

/** Far more than the largest staffroom sends in an hour, and few enough that nobody fills a study with made-up answers. */
const responsesPerLink = { points: 500, seconds: 3600 };

/** Links that take any number of responses take so many in an hour. */
export async function requireRoom(
  context: Context,
  link: Sharing & { readonly administration: Pick<Administration, 'repeats'> },
): Promise<void> {
  if (isShared(link) || link.administration.repeats)
    await limiter(context, 'shared-responses', responsesPerLink).consume(link.invitation._id);
}

/** Throws where somebody would keep a draft on the server. */
export function requirePersonal(link: Sharing): void {
  if (isShared(link)) {
    throw new Problem('state-not-allowed', {
      detail: 'Many people answer through this link: what is not sent stays on the device.',
    });
  }
}

/** Shown where the device has sent answers already, so that nobody answers twice by accident. */
export function againScreen(title: string, { words: { shared: words } }: Speech): Html {
  return html`<section id="again" aria-labelledby="again-title" hidden>
<p class="study">${title}</p>
<h1 id="again-title" tabindex="-1">${words.againTitle}</h1>
<p id="again-text"></p>
<p class="steps"><button type="button" id="again-other" class="second">${words.againOther}</button></p>
</section>`;
}
