/**
 * The respondent's pages for withdrawing: from a personal link, or with a receipt code. Written on the server;
 * client/respondent/withdraw.ts shows one step at a time. Called by `public-routes.ts`.
 */
import type { EntryFiles } from '../client-files.ts';
import { type Html, html, jsonText } from '../responses/html.ts';
import { languageChooser, offeredLanguages, textIn } from '../responses/languages.ts';
import { deviceKeyOf, natureBanner, styleLinks, wholePage } from '../responses/layout.ts';
import type { Offer } from '../responses/offers.ts';
import { longDay, type Speech, spokenLanguages } from '../responses/words.ts';
import type { Withdrawal } from './store.ts';
import { type WithdrawalWords, withdrawalWordsIn } from './words.ts';

export interface WithdrawalPage {
  /** Null: by receipt code, for any study. */
  readonly offer: (Offer & { readonly token: string }) | null;
  /** Why the link leads to nobody's answers; null where it does. */
  readonly notFound: 'anonymous' | 'shared' | null;
  /** What was withdrawn before. */
  readonly done: Pick<Withdrawal, 'on' | 'confirmation'> | null;
}

/** `files`: null where the client is not built. */
export function withdrawalPage(
  { offer, notFound, done }: WithdrawalPage,
  files: EntryFiles | null,
  speech: Speech,
): string {
  const words = withdrawalWordsIn(speech.language);
  const says: Says = { speech, words };
  const step = done ? 'done' : 'ask';
  return wholePage(speech, {
    title: words.title,
    head: files ? html`${styleLinks(files)}<script type="module" src="${files.script}"></script>` : html``,
    body: html`
<main>
${offer && natureBanner(offer, speech)}
${languageChooser(offer ? offeredLanguages(offer) : spokenLanguages, speech)}
${step === 'ask' ? askScreen(offer, notFound, says) : null}
${sureScreen(words)}
${doneScreen(done, offer, says)}
</main>
<script type="application/json" id="withdrawal-data">${jsonText({
      deviceKey: offer && deviceKeyOf(offer.token),
      words: words.client,
      problems: { ...speech.words.problems, internal: speech.words.unexpected },
    })}</script>`,
  });
}

/** How the page speaks: what survey pages share, and its own sentences. */
interface Says {
  readonly speech: Speech;
  readonly words: WithdrawalWords;
}

function askScreen(offer: Offer | null, notFound: WithdrawalPage['notFound'], { speech, words }: Says): Html {
  const until = offer?.study.withdrawUntil;
  return html`<section id="ask" aria-labelledby="ask-title">
${offer && html`<p class="study">${offer.administration.title}</p>`}
<h1 id="ask-title" tabindex="-1">${words.title}</h1>
${
  notFound
    ? html`<p class="note">${words[notFound]}</p><p><a href="/withdraw">${words.toCode}</a></p>`
    : html`<h2>${words.whatHappens}</h2>
<ul>${words.facts.map((fact) => html`<li>${fact}</li>\n`)}</ul>
${until ? html`<p><strong>${words.until(longDay(until, speech))}</strong></p>` : null}
<noscript><p class="note bad">${words.withoutScript}</p></noscript>
<form id="ask-form" class="panel" novalidate>
${offer ? scopeChoice(words) : codeField(words)}
<p id="ask-wrong" class="error" role="alert"></p>
<p class="steps"><button type="submit" id="continue" disabled>${words.continue}</button></p>
</form>`
}
${offer && html`<p><strong>${words.questions}</strong> ${textIn(offer, speech.language).contact}</p>`}
</section>`;
}

function scopeChoice(words: WithdrawalWords): Html {
  const option = (scope: 'link' | 'study', checked: Html) => html`<div class="agree">
<input type="radio" id="scope-${scope}" name="scope" value="${scope}"${checked} aria-describedby="scope-${scope}-text">
<label for="scope-${scope}">${words[scope]}</label>
</div>
<p id="scope-${scope}-text" class="quiet">${words[`${scope}Text`]}</p>
`;
  return html`<fieldset class="scopes"><legend>${words.which}</legend>
${option('link', html` checked`)}${option('study', html``)}</fieldset>`;
}

function codeField(words: WithdrawalWords): Html {
  return html`<label for="code">${words.code}</label>
<p id="code-hint" class="quiet">${words.codeHint}</p>
<input type="text" id="code" name="code" class="text-input" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" aria-describedby="code-hint ask-wrong">`;
}

function sureScreen(words: WithdrawalWords): Html {
  return html`<section id="sure" aria-labelledby="sure-title" hidden>
<h1 id="sure-title" tabindex="-1">${words.sureTitle}</h1>
<p>${words.sureText}</p>
<p id="sure-wrong" class="error" role="alert"></p>
<p class="steps">
<button type="button" id="no" class="second">${words.no}</button>
<button type="button" id="yes">${words.yes}</button>
</p>
</section>`;
}

function doneScreen(done: WithdrawalPage['done'], offer: Offer | null, { speech, words }: Says): Html {
  const on = done ? words.client.withdrawnOn.replace('{day}', longDay(done.on, speech)) : '';
  return html`<section id="done" aria-labelledby="done-title"${done ? html`` : html` hidden`}>
<h1 id="done-title" tabindex="-1">${words.doneTitle}</h1>
<p id="done-on" class="note good">${on}</p>
<p>${words.doneText}</p>
<p>${words.confirmation} <strong id="confirmation" class="code">${done?.confirmation ?? ''}</strong></p>
<p class="quiet">${words.confirmationText}</p>
${offer && html`<p><strong>${words.questions}</strong> ${textIn(offer, speech.language).contact}</p>`}
</section>`;
}
