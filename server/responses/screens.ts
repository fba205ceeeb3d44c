/**
 * The screens after the information page: they stand hidden in the page, and client/respondent/screens.ts shows one at
 * a time. Called by `page.ts`; `problem-page.ts` has two of them.
 */
import { withdrawalNote } from '../rights/notes.ts';
import { anotherEntry, takesEntries } from './entries.ts';
import { type Html, html } from './html.ts';
import { textIn } from './languages.ts';
import type { Link } from './offers.ts';
import type { PageWords, Speech } from './words.ts';

/** Markup of all hidden screens. */
export function hiddenScreens(link: Link, now: Date, speech: Speech): Html {
  const { title } = link.administration;
  const words = speech.words.screens;
  const text = textIn(link, speech.language);
  const survey = html`<p class="study">${title}</p>`;
  return html`<section id="resume" aria-labelledby="resume-title" hidden>
${survey}
<h1 id="resume-title" tabindex="-1">${words.resumeTitle}</h1>
<p>${words.resumeText}</p>
<p class="steps"><button type="button" id="carry-on">${words.carryOn}</button></p>
<p><button type="button" id="read-again" class="link">${words.readAgain}</button></p>
</section>
<section id="survey" aria-labelledby="step" hidden>
<div class="progress">
<p id="step" tabindex="-1"></p>
<progress id="progress" value="0" max="1" aria-labelledby="step"></progress>
<p id="saved" class="quiet"></p>
</div>
<div id="notices" role="status"></div>
<div id="look-again" role="alert"></div>
<div id="questions"></div>
<p id="before-sending" class="quiet" hidden>${words.beforeSending}</p>
<p class="steps">
<button type="button" id="back" class="second">${words.back}</button>
<button type="button" id="next">${words.next}</button>
<button type="button" id="send" hidden>${words.send}</button>
</p>
</section>
${codeScreen(link, words)}<section id="sending" aria-labelledby="sending-title" hidden>
${survey}
<h1 id="sending-title" tabindex="-1">${words.sendingTitle}</h1>
<p id="sending-text" role="status">${words.sendingText}</p>
<p class="steps"><button type="button" id="send-now" hidden>${words.sendNow}</button></p>
</section>
${thanksScreen(link, now, speech)}
<section id="declined" aria-labelledby="declined-title" hidden>
${survey}
<h1 id="declined-title" tabindex="-1">${words.declinedTitle}</h1>
<p>${words.declinedText}</p>
<p><strong>${words.questions}</strong> ${text.contact}</p>
</section>
<section id="stopped" aria-labelledby="stopped-title" hidden>
${survey}
<h1 id="stopped-title" tabindex="-1"></h1>
<p id="stopped-text"></p>
<p class="steps"><button type="button" id="reload" hidden>${words.carryOn}</button></p>
${leftOnDevice(words)}
<p><strong>${words.questions}</strong> ${text.contact}</p>
</section>`;
}

/** The questions of the self-generated code, where the administration asks for one; after the last page. */
function codeScreen({ administration }: Link, words: PageWords['screens']): Html {
  const { selfCode, title } = administration;
  if (!selfCode) return html``;
  return html`<section id="code" aria-labelledby="code-title" hidden>
<p class="study">${title}</p>
<h1 id="code-title" tabindex="-1">${words.codeTitle}</h1>
<p>${words.codeText}</p>
<p>${words.codeSafe}</p>
<form id="code-form" class="panel" novalidate>
${selfCode.questions.map(
  ({ text, hint }, at) => html`<div class="code-question">
<label for="code-${at}">${text}</label>
${hint === '' ? null : html`<p id="code-hint-${at}" class="quiet">${hint}</p>`}
<input type="text" id="code-${at}" name="code" class="text-input" autocomplete="off" spellcheck="false" maxlength="100" aria-describedby="${
    hint === '' ? '' : `code-hint-${at} `
  }code-wrong">
</div>
`,
)}<p id="code-wrong" class="error" role="alert"></p>
<p class="steps">
<button type="button" id="code-skip" class="second">${words.codeSkip}</button>
<button type="submit" id="code-send">${words.codeSend}</button>
</p>
</form>
</section>
`;
}

/** The end of the way. */
export function thanksScreen(link: Link, now: Date, speech: Speech): Html {
  const { mode, title } = link.administration;
  const repeats = takesEntries(link);
  const words = speech.words.screens;
  const text = textIn(link, speech.language);
  return html`<section id="thanks" aria-labelledby="thanks-title" hidden>
<p class="study">${title}</p>
<h1 id="thanks-title" tabindex="-1">${words.thanksTitle}</h1>
<p id="received" class="note good"></p>
<h2>${words.nextTitle}</h2>
<p>${repeats ? speech.words.entries.stored : words.nextStored} ${words.nextDevice}</p>
${repeats ? anotherEntry(speech) : null}
${withdrawalNote(link, now, speech)}
<p>${mode === 'anonymous' ? words.nextContactAnonymous : words.nextContact} ${text.contact}</p>
</section>`;
}

/** For answers that stay behind on the device: the person decides. */
export function leftOnDevice(words: PageWords['screens']): Html {
  return html`<div id="left-here" class="panel" hidden>
<p>${words.keptHere}</p>
<h2>${words.removeTitle}</h2>
<p>${words.removeText}</p>
<p class="steps"><button type="button" id="remove" class="second">${words.remove}</button></p>
</div>
<p id="removed" role="status"></p>`;
}
