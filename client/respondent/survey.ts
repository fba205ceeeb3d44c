/**
 * The questionnaire itself, drawn by SurveyJS into the page, one page at a time. Loaded by main.ts while the person
 * reads the information; the only importer of survey-js-ui. Navigation and progress are the page's own.
 */
import { renderSurvey, settings } from 'survey-js-ui';
import type { SurveyJson } from '../../instruments/instrument.ts';
import { createModel, localeOf, type Model, pagesOfTheWay } from '../../instruments/surveyjs.ts';
import { dressEvidence, dressFile, type EvidenceWords, isFileQuestion, type Upload } from './evidence.ts';
import { dressPeopleLists, dropUnknownTicks, type ListWords } from './people-list.ts';
import type { Answers } from './server.ts';
import './survey.css';

export { loadLocale } from '../../instruments/surveyjs.ts';

export interface SurveyOptions {
  readonly survey: SurveyJson;
  readonly answers: Answers;
  /** Index of the page to open. */
  readonly page: number;
  readonly language: string;
  /** What is said at a question that must be answered, or that is written wrongly. */
  readonly words: { readonly required: string; readonly badFormat: string } & ListWords & EvidenceWords;
  /** Brings a file of evidence; null where nothing is sent. */
  readonly upload: Upload | null;
  /** Called at each change of an answer, which may show or hide pages, too. */
  onAnswers(answers: Answers, place: Place): void;
  /** Called for each page that is drawn, after its heading is there. */
  onPage(answers: Answers, place: Place, heading: HTMLElement | null): void;
}

/** Where the person is. */
export interface Place {
  /** Index in the instrument of the page that is open, whatever is hidden. */
  readonly index: number;
  /** Position among the pages that are shown or may open yet, from 1. */
  readonly position: number;
  readonly pages: number;
  /** False as soon as another page is open behind this one. */
  readonly nothingFollows: boolean;
}

export interface SurveyView {
  answers(): Answers;
  place(): Place;
  /**
   * Goes on if the page's answers allow it; otherwise marks what is missing and moves the focus there. At the end when
   * the page is in order and nothing follows it, because what might have opened another was left out.
   */
  next(): 'turned' | 'look-again' | 'at-the-end';
  back(): void;
  /** Whether anything on the page is marked as missing or wrong. */
  isMarked(): boolean;
  /** True when every page's answers can be sent; otherwise opens the first that cannot. */
  complete(): boolean;
}

/** Choices that are seen at a glance. */
const shortList = 12;

/** Motion and drawing habits of SurveyJS that hold for the whole page. */
function prepare(): void {
  settings.animationEnabled = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  // Counting characters aloud distracts; the limit itself stays.
  settings.showMaxLengthIndicator = false;
}

/** Draws the survey into `element`. */
export function showSurvey(element: HTMLElement, options: SurveyOptions): SurveyView {
  prepare();
  const model = createModel(options.survey, options.words);
  model.locale = localeOf(options.language);
  dress(model, options.words);
  model.onErrorCustomText.add((_, event) => {
    if (event.name === 'required') event.text = options.words.required;
  });
  model.data = copyOf(options.answers);
  dropUnknownTicks(model);
  dressPeopleLists(model, options.words);
  dressEvidence(model, options.words, options.upload);
  const first = model.pages[options.page];
  if (first?.isVisible) model.currentPage = first;

  const answers = (): Answers => model.data as Answers;
  const place = (): Place => {
    const way = pagesOfTheWay(model);
    return {
      index: Math.max(0, model.pages.indexOf(model.activePage)),
      position: way.indexOf(model.activePage) + 1,
      pages: way.length,
      nothingFollows: model.isLastPage,
    };
  };
  const changed = (): void => options.onAnswers(answers(), place());
  model.onValueChanged.add(changed);
  model.onPageVisibleChanged.add(changed);
  model.onAfterRenderPage.add((_, { htmlElement }) => options.onPage(answers(), place(), headingOf(htmlElement)));
  renderSurvey(model, element);
  return {
    answers,
    place,
    next() {
      if (!model.isLastPage) return model.nextPage() ? 'turned' : 'look-again';
      return model.activePage.validate(true, true) ? 'at-the-end' : 'look-again';
    },
    isMarked: () => model.activePage.questions.some((question: { errors: unknown[] }) => question.errors.length > 0),
    back: () => void model.prevPage(),
    complete: () => model.validate(true, true, undefined, true),
  };
}

/** What is the page's own work is taken off SurveyJS's hands. */
function dress(model: Model, words: EvidenceWords): void {
  model.showNavigationButtons = false;
  model.showProgressBar = false;
  model.showTitle = false;
  model.showTOC = false;
  model.showCompletePage = false;
  model.questionsOnPageMode = 'standard';
  model.widthMode = 'responsive';
  model.autoFocusFirstQuestion = false;
  model.autoFocusFirstError = true;
  model.autoAdvanceEnabled = false;
  model.checkErrorsMode = 'onNextPage';
  // Half a sentence is kept too when the battery dies.
  model.textUpdateMode = 'onTyping';
  // As a drop-down list on a phone, a rating hides its scale, and its field has no name for screen readers.
  // A short list needs no search, and without its field the chosen answer can be read whole.
  // Panels that are added later are made from their template.
  const templates = model
    .getAllQuestions(false, true, true)
    .flatMap((question) => (question.getType() === 'paneldynamic' ? question.template.questions : []));
  for (const question of [...model.getAllQuestions(false, true, true), ...templates]) {
    if (question.getType() === 'rating') question.displayMode = 'buttons';
    const choices = question.getType() === 'dropdown' ? question.visibleChoices.length || question.choices.length : 0;
    if (choices > 0 && choices <= shortList) question.searchEnabled = false;
    if (isFileQuestion(question)) dressFile(question, words);
  }
  // The list itself carries the name and the choice; the field in it that cannot be written in says nothing.
  model.onAfterRenderQuestion.add((_, { htmlElement }) => {
    for (const field of htmlElement.querySelectorAll('.sd-dropdown__filter-string-input[readonly]')) {
      field.setAttribute('aria-hidden', 'true');
    }
  });
  model.onGetTitleTagName.add((_, event) => {
    if (event.element.getType() === 'page') event.tagName = 'h1';
    else if (event.element.getType() === 'panel') event.tagName = 'h2';
  });
}

function headingOf(page: HTMLElement): HTMLElement | null {
  const heading = page.querySelector<HTMLElement>('.sd-page__title');
  heading?.setAttribute('tabindex', '-1');
  return heading;
}

/** SurveyJS writes into the values it is given; the kept answers must not change under our hands. */
function copyOf(answers: Answers): Record<string, unknown> {
  return JSON.parse(JSON.stringify(answers)) as Record<string, unknown>;
}
