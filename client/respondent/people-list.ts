/**
 * Lists of people to tick: a search box over a long one, and how many are ticked. SurveyJS draws the list; what is put beside it is
 * the page's own. Called by survey.ts.
 */
import type { Model } from '../../instruments/surveyjs.ts';
import { fill, type Words } from './start.ts';

export type ListWords = Pick<Words, 'peopleSearch' | 'peopleTicked' | 'peopleNone'>;

interface PeopleQuestion {
  readonly fidelisChoices?: unknown;
  readonly title: string;
  readonly choices: readonly { readonly value: unknown; readonly text: string }[];
  value: unknown;
}

const isList = (question: unknown): question is PeopleQuestion =>
  (question as PeopleQuestion).fidelisChoices === 'people';

/** Longer lists have a search box. */
const shortList = 12;
const marks = /\p{Mark}/gu;
const plain = (text: string): string => text.normalize('NFD').replace(marks, '').toLowerCase();

/** Drops ticks of people whom the page does not know any more: they could be neither seen nor taken away. */
export function dropUnknownTicks(model: Model): void {
  for (const question of model.getAllQuestions(false, true, true)) {
    if (!isList(question) || !Array.isArray(question.value)) continue;
    const known = new Set(question.choices.map(({ value }) => value));
    const left: unknown[] = question.value.filter((one: unknown) => known.has(one));
    if (left.length < question.value.length) question.value = left;
  }
}

/** Puts the search box and the count before each list that is drawn. */
export function dressPeopleLists(model: Model, words: ListWords): void {
  model.onAfterRenderQuestion.add((_, { question, htmlElement }) => {
    if (!isList(question) || htmlElement.querySelector('.people-tools')) return;
    const list = htmlElement.querySelector<HTMLElement>('fieldset, .sd-selectbase');
    if (!list?.parentElement) return;
    const tools = toolsFor(question, list, words);
    list.parentElement.insertBefore(tools.element, list);
    tools.count();
    model.onValueChanged.add(tools.count);
    model.onDynamicPanelValueChanged.add(tools.count);
  });
}

function toolsFor(question: PeopleQuestion, list: HTMLElement, words: ListWords) {
  const element = document.createElement('div');
  element.className = 'people-tools';
  const status = document.createElement('p');
  status.className = 'quiet';
  status.setAttribute('role', 'status');
  let none = false;
  const count = (): void => {
    const ticked = Array.isArray(question.value) ? question.value.length : 0;
    const text = none ? words.peopleNone : fill(words.peopleTicked, { count: ticked });
    if (status.textContent !== text) status.textContent = text;
  };
  if (question.choices.length > shortList) {
    const search = document.createElement('input');
    search.type = 'search';
    search.className = 'text-input';
    search.autocomplete = 'off';
    search.setAttribute('aria-label', `${words.peopleSearch}: ${question.title}`);
    search.placeholder = words.peopleSearch;
    search.addEventListener('input', () => {
      none = !narrow(list, plain(search.value.trim()));
      count();
    });
    // Enter looks, and neither sends nor turns the page.
    search.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
    element.append(search);
  }
  element.append(status);
  return { element, count };
}

/** Hides who is not meant, by a mark that SurveyJS does not know of and leaves alone; whether anybody is left. */
function narrow(list: HTMLElement, wanted: string): boolean {
  let left = false;
  for (const item of list.querySelectorAll<HTMLElement>('.sd-item')) {
    const meant = wanted.split(/\s+/).every((word) => plain(item.textContent ?? '').includes(word));
    item.toggleAttribute('data-not-meant', !meant);
    left = left || meant;
  }
  return left;
}
