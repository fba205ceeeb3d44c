/** SurveyJS properties and question types that are refused with a reason of their own, and what to write instead. */

interface Refusal {
  readonly code: string;
  readonly message: string;
}

const remote: Refusal = {
  code: 'remote-resource',
  message: 'Nothing may be loaded from another address: write the choices or the image into the instrument.',
};
const special: Refusal = {
  code: 'special-choice',
  message:
    'Write this choice as one with a code of its own (with "missingReason" where it stands for no answer), and ask for words in a text question with visibleIf.',
};
const preset: Refusal = {
  code: 'preset-answer',
  message: 'Answers come from respondents alone: remove the preset; use an expression question for something computed.',
};
const trigger: Refusal = {
  code: 'trigger',
  message: 'Triggers are not supported: write a condition (visibleIf) or an expression question.',
};
const navigation: Refusal = { code: 'navigation', message: 'An instrument cannot lead to another address: remove it.' };
const timing: Refusal = {
  code: 'time-limit',
  message: 'Time limits are not supported: nobody is cut off while answering.',
};
const fixed: Refusal = {
  code: 'not-answerable',
  message:
    'A question that can never be answered is not supported: remove it, or write a condition (visibleIf, enableIf).',
};
const pageOrder: Refusal = {
  code: 'page-layout',
  message: 'The pages must be shown as they are written, or partial responses could not be coded: remove it.',
};
const choiceSource: Refusal = {
  code: 'copied-choices',
  message: 'Write the choices out; copying them from another question is not supported.',
};
const limitExpression: Refusal = {
  code: 'computed-limit',
  message: 'Limits must be fixed: write min or max, or a validator of the type expression.',
};

/** By property name, wherever it stands. */
export const refusedProperties: Readonly<Record<string, Refusal>> = {
  choicesByUrl: remote,
  choicesLazyLoadEnabled: remote,
  choicesLazyLoadPageSize: remote,
  choicesFromQuestion: choiceSource,
  choicesFromQuestionMode: choiceSource,
  choiceValuesFromQuestion: choiceSource,
  choiceTextsFromQuestion: choiceSource,
  backgroundImage: remote,
  showOtherItem: special,
  hasOther: special,
  showNoneItem: special,
  hasNone: special,
  showRefuseItem: special,
  showDontKnowItem: special,
  showCommentArea: special,
  hasComment: special,
  showSelectAllItem: special,
  hasSelectAll: special,
  otherText: special,
  noneText: special,
  allowCustomChoices: special,
  defaultValue: preset,
  defaultValueExpression: preset,
  defaultRowValue: preset,
  defaultPanelValue: preset,
  defaultValueFromLastRow: preset,
  defaultValueFromLastPanel: preset,
  copyDefaultValueFromLastEntry: preset,
  setValueExpression: preset,
  setValueIf: preset,
  resetValueIf: preset,
  correctAnswer: preset,
  triggers: trigger,
  navigateToUrl: navigation,
  navigateToUrlOnCondition: navigation,
  completedHtmlOnCondition: {
    code: 'navigation',
    message: 'Write one completedHtml; closing words that depend on answers are not supported.',
  },
  maxTimeToFinish: timing,
  maxTimeToFinishPage: timing,
  timeLimit: timing,
  timeLimitPerPage: timing,
  showTimer: timing,
  showTimerPanel: timing,
  readOnly: fixed,
  visible: fixed,
  mode: fixed,
  questionsOnPageMode: pageOrder,
  isSinglePage: pageOrder,
  firstPageIsStartPage: pageOrder,
  firstPageIsStarted: pageOrder,
  showPreviewBeforeComplete: pageOrder,
  minValueExpression: limitExpression,
  maxValueExpression: limitExpression,
  valueName: { code: 'shared-value', message: 'Two questions cannot share one value: remove valueName.' },
  valuePropertyName: { code: 'shared-value', message: 'A list of objects cannot be coded: remove valuePropertyName.' },
  bindings: { code: 'shared-value', message: 'Bindings between questions are not supported: remove them.' },
  detailElements: {
    code: 'nested-table',
    message: 'Questions inside a row are not supported: use columns, or a paneldynamic.',
  },
  templateVisibleIf: { code: 'nested-table', message: 'Write the condition on the questions inside the panel.' },
};

/** Question types with a reason of their own; any other unknown type is refused by name all the same. */
export const refusedTypes: Readonly<Record<string, string>> = {
  signaturepad: 'A signature is an identity, not an answer.',
  imagepicker: 'Use a radiogroup or a checkbox with texts.',
  imagemap: 'Use a radiogroup or a checkbox with texts.',
  buttongroup: 'Use a radiogroup.',
  flowpanel: 'Use a panel.',
};
