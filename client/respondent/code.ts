/**
 * The questions of the self-generated code, after the last page and before sending. Called by filling.ts; where the
 * administration asks for no code there is no such screen, and sending goes on at once.
 */
import { say, showScreen } from './screens.ts';
import { elementOf } from './start.ts';

/** Asks, and hands on the three answers, or null from somebody who gives none. */
export function askForCode(incomplete: string, done: (code: readonly string[] | null) => void): void {
  const form = document.getElementById('code-form');
  if (!form) {
    done(null);
    return;
  }
  const fields = [...form.querySelectorAll('input')];
  const finish = (code: readonly string[] | null) => {
    form.removeEventListener('submit', submit);
    skip.removeEventListener('click', without);
    // The answers are nobody else's: they do not stay in the page.
    for (const field of fields) field.value = '';
    done(code);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const empty = fields.filter(({ value }) => !/[\p{L}\p{N}]/u.test(value));
    for (const field of fields) field.setAttribute('aria-invalid', String(empty.includes(field)));
    say('code-wrong', empty.length > 0 ? incomplete : '');
    if (empty[0]) empty[0].focus();
    else finish(fields.map(({ value }) => value));
  };
  const without = () => finish(null);
  const skip = elementOf('code-skip');
  form.addEventListener('submit', submit);
  skip.addEventListener('click', without);
  showScreen('code');
}
