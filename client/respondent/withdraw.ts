/**
 * Withdrawing answers, one step at a time: what happens, are you sure, done. The server has written all of it
 * (server/rights/page.ts). Entry of the build.
 */
import { dateLocale } from '../../instruments/languages.ts';
import './respondent.css';
import { findStorage, openShelf } from './device.ts';
import { forgetPageOf } from './offline.ts';
import { focusAtTop, say } from './screens.ts';
import { withdraw } from './server.ts';
import { elementOf, fill, tokenOf } from './start.ts';

interface WithdrawalData {
  readonly deviceKey: string | null;
  readonly words: Readonly<Record<'withdrawnOn' | 'codeMissing' | 'unreached' | 'working', string>>;
  readonly problems: Readonly<Record<string, { readonly title: string; readonly text: string }>>;
}

const { deviceKey, words, problems } = JSON.parse(elementOf('withdrawal-data').textContent ?? '') as WithdrawalData;
const form = document.getElementById('ask-form') as HTMLFormElement | null;
if (form) prepare(form);

function prepare(asked: HTMLFormElement): void {
  const code = document.getElementById('code') as HTMLInputElement | null;
  const go = elementOf('continue') as HTMLButtonElement;
  const yes = elementOf('yes') as HTMLButtonElement;
  go.disabled = false;
  asked.addEventListener('submit', (event) => {
    event.preventDefault();
    const missing = code !== null && code.value.replace(/[\s-]/g, '').length !== 16;
    code?.setAttribute('aria-invalid', String(missing));
    say('ask-wrong', missing ? words.codeMissing : '');
    if (missing) code.focus();
    else show('sure');
  });
  elementOf('no').addEventListener('click', () => show('ask'));
  yes.addEventListener('click', () => {
    yes.disabled = true;
    say('sure-wrong', '');
    void act(code).finally(() => {
      yes.disabled = false;
    });
  });
}

async function act(code: HTMLInputElement | null): Promise<void> {
  const scope = document.querySelector<HTMLInputElement>('input[name="scope"]:checked')?.value ?? 'link';
  const token = tokenOf(location.pathname);
  const outcome = await withdraw(code ? { code: code.value } : { token, scope });
  if (outcome.kind === 'done') {
    const { withdrawnOn, confirmation } = outcome.value;
    const day = new Intl.DateTimeFormat(dateLocale(document.documentElement.lang), {
      dateStyle: 'long',
      timeZone: 'UTC',
    }).format(new Date(withdrawnOn));
    say('done-on', fill(words.withdrawnOn, { day }));
    say('confirmation', confirmation);
    // What this device still keeps of the answers goes as well.
    if (deviceKey) openShelf(deviceKey, findStorage(), Date.now()).clear();
    if (!code) void forgetPageOf(`/s/${token}`);
    show('done');
    return;
  }
  if (outcome.kind === 'unreached') {
    say('sure-wrong', words.unreached);
    return;
  }
  const { title, text } = problems[outcome.refusal.code] ?? problems.internal ?? { title: '', text: '' };
  if (!code) {
    say('sure-wrong', `${title}. ${text}`);
    return;
  }
  show('ask');
  code.setAttribute('aria-invalid', 'true');
  say('ask-wrong', `${title}. ${text}`);
  code.focus();
}

function show(step: 'ask' | 'sure' | 'done'): void {
  for (const name of ['ask', 'sure', 'done']) elementOf(name).hidden = name !== step;
  focusAtTop(elementOf(step).querySelector('h1'));
}
