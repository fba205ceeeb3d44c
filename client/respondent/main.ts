/**
 * The respondent's page, from the information sheet (which the server has written) to the thanks. Small, so that it runs
 * while SurveyJS is still on its way. Entry of the build.
 */
import './respondent.css';
import { findStorage, type Kept, makeKey, openShelf } from './device.ts';
import { startFilling } from './filling.ts';
import { inLanguageOf } from './language.ts';
import { forgetPage, keepPage } from './offline.ts';
import { findKept } from './resume.ts';
import { say, showScreen } from './screens.ts';
import { type Consent, type Received, type Refusal, serverFor } from './server.ts';
import { askBefore, rememberSent, withoutDrafts } from './shared-link.ts';
import { elementOf, readStartData, tokenOf } from './start.ts';
import { showStopped } from './stopped.ts';
import { showThanks } from './thanks.ts';
import { completeWithdrawalLinks } from './withdrawal-link.ts';

const start = readStartData();
const { words } = start;
const ownServer = serverFor(tokenOf(location.pathname));
const server = start.shared ? withoutDrafts(ownServer) : ownServer;
const shelf = start.shared
  ? openShelf(start.deviceKey, findStorage('session'), Date.now(), false)
  : openShelf(start.deviceKey, findStorage(), Date.now());
const button = elementOf('start') as HTMLButtonElement;
const agree = elementOf('agree') as HTMLInputElement;

/** Asked for at once, waited for when it is needed. A failure is told then. */
const renderer = import('./survey.ts').then(async (survey) => {
  await survey.loadLocale(start.language);
  return survey;
});
renderer.catch(() => undefined);

/** After this time a slow line is as good as a broken one, and the person hears what can be done. */
const slowMs = 40_000;

completeWithdrawalLinks();
if (!(start.shared && askBefore(start, shelf, () => showScreen('information')))) void prepare();
else elementOf('again-other').addEventListener('click', () => void prepare(), { once: true });
// A link that many share has no such button.
document.getElementById('decline')?.addEventListener('click', () => void decline());

/** Not taking part: told to the server, and nothing stays on the device. */
async function decline(): Promise<void> {
  say('decline-failed', '');
  const outcome = await server.decline();
  if (outcome.kind === 'unreached') say('decline-failed', words.declineFailed);
  else if (outcome.kind === 'refused') onStopped(outcome.refusal);
  else {
    shelf.clear();
    void forgetPage();
    showScreen('declined');
  }
}

async function prepare(): Promise<void> {
  const latest = await findKept(shelf.read(), start.draftSavedAt, server);
  if (latest === 'unreached') {
    notReady();
    window.addEventListener('online', () => location.reload());
    return;
  }
  const found = latest && inLanguageOf(start, latest);
  const slow = setTimeout(() => say('preparing', words.notReady), slowMs);
  try {
    await renderer;
  } catch {
    notReady();
    return;
  } finally {
    clearTimeout(slow);
  }
  if (!start.shared) void keepPage(start.language);
  say('preparing', '');
  button.disabled = false;
  elementOf('consent').addEventListener('submit', (event) => {
    event.preventDefault();
    if (agreed()) void fillIn(withConsent(found));
  });
  // The browser's own bubble would speak in place of the page's words.
  elementOf('consent').setAttribute('novalidate', '');
  agree.addEventListener('change', () => agree.checked && say('agree-first', ''));
  if (!found) return;
  if (found.consent.information !== start.information) say('preparing', words.consentChanged);
  else if (found.sending) void fillIn(found);
  else welcomeBack(found);
}

function notReady(): void {
  say('preparing', words.notReady);
  button.disabled = false;
  button.textContent = words.reload;
  elementOf('consent').addEventListener('submit', (event) => {
    event.preventDefault();
    location.reload();
  });
}

/** False, with the reason said and the focus on the box, while the box is not ticked. */
function agreed(): boolean {
  agree.setAttribute('aria-invalid', String(!agree.checked));
  say('agree-first', agree.checked ? '' : words.agreeFirst);
  if (!agree.checked) agree.focus();
  return agree.checked;
}

function withConsent(found: Kept | null): Kept {
  if (found?.consent.information === start.information) return found;
  const now = new Date();
  const { information, language } = start;
  const consent: Consent = { information, language, agreed: true, agreedAt: now.toISOString() };
  if (found) return { ...found, consent, unsaved: true };
  const changedAt = now.getTime();
  const fresh = { answers: {}, page: 0, savedAt: null, unsaved: false, sending: null };
  return { key: makeKey(), consent, language, changedAt, ...fresh };
}

/** The information stays within reach; its consent was given. */
function welcomeBack(found: Kept): void {
  showScreen('resume');
  elementOf('carry-on').addEventListener('click', () => void fillIn(found), { once: true });
  elementOf('read-again').addEventListener('click', () => {
    agree.checked = true;
    showScreen('information');
  });
}

async function fillIn(kept: Kept): Promise<void> {
  const { showSurvey } = await renderer;
  const onThanks = (received: Received) => {
    if (start.shared) rememberSent(start.deviceKey, received.receivedOn);
    showThanks(received, start);
  };
  startFilling({ start, kept, shelf, server, showSurvey, onThanks, onStopped });
}

function onStopped(refusal: Refusal): void {
  showStopped(start, shelf, refusal);
}
