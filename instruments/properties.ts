/**
 * The SurveyJS properties that an instrument may use, by element. Everything else is refused by name: what is not
 * listed here has not been thought through for coding, for privacy or for the strict checker. The readers call
 * `checkProperties`; properties of the kind `own` are read by the reader of that element.
 */
import { isObject, type JsonObject, own, shown } from './json.ts';
import type { QuestionType } from './questions.ts';
import { refusedProperties } from './refused.ts';
import { checkHtml, checkImage, checkText, type Reading } from './texts.ts';

type Kind =
  | 'text'
  | 'html'
  | 'image'
  | 'flag'
  | 'count'
  | 'number'
  | 'size'
  | 'word'
  | 'expression'
  | 'own'
  | readonly unknown[];
export type Properties = Readonly<Record<string, Kind>>;

const place = ['default', 'top', 'bottom', 'left', 'hidden'];
const errorPlace = ['default', 'top', 'bottom'];
const box: Properties = {
  width: 'size',
  minWidth: 'size',
  maxWidth: 'size',
  colSpan: 'count',
  startWithNewLine: 'flag',
  indent: 'count',
  state: ['default', 'expanded', 'collapsed'],
};
const conditions: Properties = { visibleIf: 'expression', enableIf: 'expression' };

/** Properties of every question. */
const question: Properties = {
  ...box,
  ...conditions,
  type: 'own',
  name: 'own',
  title: 'text',
  description: 'text',
  titleLocation: place,
  descriptionLocation: ['default', 'underInput', 'underTitle', 'hidden'],
  errorLocation: errorPlace,
  showNumber: 'flag',
  hideNumber: 'flag',
  isRequired: 'flag',
  requiredIf: 'expression',
  requiredErrorText: 'text',
  validators: 'own',
  clearIfInvisible: ['default'],
  useDisplayValuesInDynamicTexts: 'flag',
};
const selecting: Properties = {
  choices: 'own',
  choicesOrder: ['none', 'asc', 'desc', 'random'],
  choicesVisibleIf: 'expression',
  colCount: 'count',
};
const counting: Properties = { minSelectedChoices: 'count', maxSelectedChoices: 'count' };
const searching: Properties = {
  placeholder: 'text',
  allowClear: 'flag',
  searchEnabled: 'flag',
  searchMode: ['contains', 'startsWith'],
  textWrapEnabled: 'flag',
};
const grid: Properties = {
  showHeader: 'flag',
  verticalAlign: ['top', 'middle'],
  alternateRows: 'flag',
  displayMode: ['auto', 'table', 'list'],
  columnMinWidth: 'size',
  rowTitleWidth: 'size',
};
const cells: Properties = {
  ...grid,
  columns: 'own',
  choices: 'own',
  cellType: 'own',
  columnColCount: 'count',
  placeholder: 'text',
  transposeData: 'flag',
  columnLayout: ['horizontal', 'vertical'],
  cellErrorLocation: errorPlace,
  horizontalScroll: 'flag',
  keyDuplicationError: 'text',
};
const typing: Properties = {
  maxLength: 'own',
  placeholder: 'text',
  textUpdateMode: ['default', 'onBlur', 'onTyping'],
};
const input: Properties = {
  ...typing,
  inputType: 'own',
  inputSize: 'count',
  size: 'count',
  inputTextAlignment: ['left', 'right', 'auto'],
  maskType: ['none'],
  autocomplete: 'word',
};

/** Properties by question type, beside those of every question. */
const questionTypes: Readonly<Record<QuestionType, Properties>> = {
  radiogroup: { ...selecting, allowClear: 'flag', showClearButton: 'flag' },
  dropdown: {
    ...selecting,
    ...searching,
    choicesMin: 'own',
    choicesMax: 'own',
    choicesStep: 'own',
    autocomplete: 'word',
    renderAs: ['default', 'select'],
  },
  checkbox: { ...selecting, ...counting },
  tagbox: { ...selecting, ...counting, ...searching, hideSelectedItems: 'flag', closeOnSelect: 'flag' },
  ranking: {
    ...selecting,
    ...counting,
    longTap: 'flag',
    selectToRankEnabled: 'flag',
    selectToRankSwapAreas: 'flag',
    selectToRankAreasLayout: ['horizontal', 'vertical'],
    selectToRankEmptyRankedAreaText: 'text',
    selectToRankEmptyUnrankedAreaText: 'text',
  },
  rating: {
    rateType: ['labels', 'stars', 'smileys'],
    scaleColorMode: ['monochrome', 'colored'],
    rateColorMode: ['default', 'scale'],
    autoGenerate: 'flag',
    rateCount: 'own',
    rateValues: 'own',
    rateMin: 'own',
    rateMax: 'own',
    rateStep: 'own',
    minRateDescription: 'text',
    maxRateDescription: 'text',
    displayRateDescriptionsAsExtremeItems: 'flag',
    rateDescriptionLocation: ['leftRight', 'top', 'bottom', 'topBottom'],
    displayMode: ['auto', 'buttons', 'dropdown'],
  },
  slider: {
    sliderType: ['single', 'range'],
    autoGenerate: 'flag',
    min: 'own',
    max: 'own',
    step: 'own',
    minRangeLength: 'own',
    maxRangeLength: 'own',
    customLabels: 'own',
    showLabels: 'flag',
    labelCount: 'number',
    labelFormat: 'word',
    tooltipFormat: 'word',
    tooltipVisibility: ['auto', 'always', 'never'],
    allowDragRange: 'flag',
    allowSwap: 'flag',
    allowClear: 'flag',
  },
  boolean: {
    label: 'text',
    labelTrue: 'text',
    labelFalse: 'text',
    valueTrue: 'own',
    valueFalse: 'own',
    swapOrder: 'flag',
    useTitleAsLabel: 'flag',
    renderAs: ['default', 'radio', 'checkbox'],
  },
  text: {
    ...input,
    min: 'own',
    max: 'own',
    step: 'own',
    minErrorText: 'text',
    maxErrorText: 'text',
    stepErrorText: 'text',
    dataList: 'own',
  },
  comment: {
    ...typing,
    rows: 'count',
    cols: 'count',
    autoGrow: 'flag',
    allowResize: 'flag',
    acceptCarriageReturn: 'flag',
  },
  multipletext: {
    items: 'own',
    inputSize: 'count',
    itemSize: 'count',
    colCount: 'count',
    itemErrorLocation: errorPlace,
    itemTitleWidth: 'size',
  },
  matrix: {
    ...grid,
    columns: 'own',
    rows: 'own',
    rowsVisibleIf: 'expression',
    rowOrder: ['initial', 'random'],
    cellType: 'own',
    eachRowRequired: 'flag',
    isAllRowRequired: 'flag',
    eachRowUnique: 'flag',
  },
  matrixdropdown: { ...cells, rows: 'own', rowsVisibleIf: 'expression', rowOrder: ['initial', 'random'] },
  matrixdynamic: {
    ...cells,
    rowCount: 'own',
    minRowCount: 'own',
    maxRowCount: 'own',
    keyName: 'own',
    allowAddRows: 'flag',
    allowRemoveRows: 'flag',
    allowRowReorder: 'flag',
    confirmDelete: 'flag',
    confirmDeleteText: 'text',
    addRowText: 'text',
    removeRowText: 'text',
    noRowsText: 'text',
    emptyRowsText: 'text',
    addRowButtonLocation: ['default', 'top', 'bottom', 'topBottom'],
    hideColumnsIfEmpty: 'flag',
  },
  paneldynamic: {
    templateElements: 'own',
    templateTitle: 'text',
    templateTabTitle: 'text',
    tabTitlePlaceholder: 'text',
    templateDescription: 'text',
    panelCount: 'own',
    minPanelCount: 'own',
    maxPanelCount: 'own',
    keyName: 'own',
    keyDuplicationError: 'text',
    noEntriesText: 'text',
    allowAddPanel: 'flag',
    allowRemovePanel: 'flag',
    newPanelPosition: ['next', 'last'],
    panelsState: ['default', 'collapsed', 'expanded', 'firstExpanded'],
    confirmDelete: 'flag',
    confirmDeleteText: 'text',
    addPanelText: 'text',
    panelAddText: 'text',
    removePanelText: 'text',
    panelRemoveText: 'text',
    prevPanelText: 'text',
    panelPrevText: 'text',
    nextPanelText: 'text',
    panelNextText: 'text',
    showQuestionNumbers: ['default', 'onpanel', 'onPanel', 'recursive', 'off'],
    renderMode: ['list', 'carousel', 'tab', 'progressTop', 'progressBottom', 'progressTopBottom'],
    displayMode: ['list', 'carousel', 'tab'],
    showProgressBar: 'flag',
    showRangeInProgress: 'flag',
    progressBarLocation: ['top', 'bottom', 'topBottom'],
    tabAlign: ['left', 'center', 'right'],
    templateQuestionTitleLocation: place,
    templateQuestionTitleWidth: 'size',
    templateErrorLocation: errorPlace,
    removePanelButtonLocation: ['bottom', 'right'],
  },
  expression: {
    expression: 'expression',
    format: 'text',
    displayStyle: ['none', 'decimal', 'currency', 'percent', 'date'],
    currency: 'word',
    maximumFractionDigits: 'number',
    minimumFractionDigits: 'number',
    useGrouping: 'flag',
  },
  html: { html: 'html' },
  image: {
    imageLink: 'image',
    altText: 'text',
    contentMode: ['auto', 'image'],
    imageFit: ['none', 'contain', 'cover', 'fill'],
    imageHeight: 'size',
    imageWidth: 'size',
  },
};

/** Whether a type is one of ours. */
export function isQuestionType(type: unknown): type is QuestionType {
  return typeof type === 'string' && Object.hasOwn(questionTypes, type);
}

/** All properties that a question of this type may have. */
export function propertiesOf(type: QuestionType): Properties {
  return { ...question, ...questionTypes[type] };
}

/** A column of a matrix has the properties of its cell's question and a few of its own. */
export function columnProperties(type: QuestionType): Properties {
  return {
    ...questionTypes[type],
    ...conditions,
    name: 'own',
    title: 'text',
    cellType: 'own',
    cellHint: 'text',
    isRequired: 'flag',
    requiredIf: 'expression',
    requiredErrorText: 'text',
    isUnique: 'flag',
    validators: 'own',
    width: 'size',
    minWidth: 'size',
    colCount: 'number',
  };
}

/** A choice, column or rate value; `missingReason` is ours. */
export const choiceProperties: Properties = {
  value: 'own',
  text: 'text',
  visibleIf: 'expression',
  missingReason: 'own',
};
export const checkboxChoiceProperties: Properties = { ...choiceProperties, isExclusive: 'flag' };
export const rowProperties: Properties = { value: 'own', text: 'text', visibleIf: 'expression' };

export const itemProperties: Properties = {
  ...input,
  name: 'own',
  title: 'text',
  isRequired: 'flag',
  requiredErrorText: 'text',
  validators: 'own',
};

const container: Properties = {
  ...conditions,
  name: 'own',
  elements: 'own',
  title: 'text',
  description: 'text',
  questionTitleLocation: place,
  questionTitleWidth: 'size',
  questionErrorLocation: errorPlace,
  questionOrder: ['default', 'initial', 'random'],
  showQuestionNumbers: ['default', 'onpanel', 'onPanel', 'recursive', 'off'],
};
export const pageProperties: Properties = { ...container, navigationTitle: 'text', navigationDescription: 'text' };
export const panelProperties: Properties = {
  ...container,
  ...box,
  type: 'own',
  innerIndent: 'count',
  showNumber: 'flag',
  questionStartIndex: 'word',
};

export const calculatedValueProperties: Properties = {
  name: 'own',
  expression: 'expression',
  includeIntoResult: 'flag',
};

export const surveyProperties: Properties = {
  $schema: 'word',
  sjsVersion: 'word',
  title: 'text',
  description: 'text',
  pages: 'own',
  calculatedValues: 'own',
  locale: 'own',
  logo: 'image',
  logoWidth: 'size',
  logoHeight: 'size',
  logoFit: ['none', 'contain', 'cover', 'fill'],
  logoPosition: ['none', 'left', 'right', 'top', 'bottom'],
  completedHtml: 'html',
  completedBeforeHtml: 'html',
  loadingHtml: 'html',
  showCompletePage: 'flag',
  showCompletedPage: 'flag',
  showTitle: 'flag',
  showPageTitles: 'flag',
  showPageNumbers: 'flag',
  showProgressBar: [true, false, 'off', 'top', 'bottom', 'both', 'auto', 'aboveheader', 'belowheader', 'topbottom'],
  progressBarLocation: ['auto', 'aboveheader', 'belowheader', 'top', 'bottom', 'topbottom'],
  progressBarType: ['pages', 'questions', 'requiredQuestions', 'buttons'],
  progressBarShowPageTitles: 'flag',
  progressBarShowPageNumbers: 'flag',
  progressBarInheritWidthFrom: ['container', 'survey'],
  showQuestionNumbers: [true, false, 'on', 'onPage', 'onpage', 'recursive', 'off'],
  questionStartIndex: 'word',
  questionTitlePattern: ['numTitleRequire', 'numRequireTitle', 'numTitle', 'requireNumTitle'],
  questionTitleLocation: ['top', 'bottom', 'left'],
  questionDescriptionLocation: ['underInput', 'underTitle', 'hidden'],
  questionErrorLocation: ['top', 'bottom'],
  questionOrder: ['initial', 'random'],
  requiredMark: 'word',
  requiredText: 'word',
  showNavigationButtons: [true, false, 'none', 'top', 'bottom', 'both', 'topBottom'],
  navigationButtonsLocation: ['top', 'bottom', 'topBottom'],
  showPrevButton: 'flag',
  pagePrevText: 'text',
  pageNextText: 'text',
  completeText: 'text',
  checkErrorsMode: ['onNextPage', 'onValueChanged', 'onComplete'],
  validateVisitedEmptyFields: 'flag',
  textUpdateMode: ['onBlur', 'onTyping'],
  maxTextLength: 'count',
  maxCommentLength: 'count',
  autoGrowComment: 'flag',
  allowResizeComment: 'flag',
  commentAreaRows: 'count',
  autoFocusFirstQuestion: 'flag',
  focusFirstQuestionAutomatic: 'flag',
  autoFocusFirstError: 'flag',
  focusOnFirstError: 'flag',
  autoAdvanceEnabled: 'flag',
  autoAdvanceAllowComplete: 'flag',
  goNextPageAutomatic: 'flag',
  clearInvisibleValues: ['onComplete'],
  widthMode: ['auto', 'static', 'responsive'],
  width: 'size',
  fitToContainer: 'flag',
  headerView: ['basic', 'advanced'],
  gridLayoutEnabled: 'flag',
  showTOC: 'flag',
  tocLocation: ['left', 'right'],
};

function checkKind(kind: Kind, value: unknown, path: string, reading: Reading): void {
  const wrong = (expected: string): void =>
    reading.issues.add('bad-property', path, `Expected ${expected}, found ${shown(value)}.`);
  if (kind === 'own') return;
  if (kind === 'text') checkText(value, path, reading);
  else if (kind === 'html') checkHtml(value, path, reading);
  else if (kind === 'image') checkImage(value, path, reading);
  else if (kind === 'flag') {
    if (typeof value !== 'boolean') wrong('true or false');
  } else if (kind === 'count') {
    if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 100_000)
      wrong('a whole number from 0 to 100,000');
  } else if (kind === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) wrong('a number');
  } else if (kind === 'size') {
    const fits =
      typeof value === 'number' ||
      (typeof value === 'string' && /^(auto|[\d.]{1,8}(px|%|em|rem|vw|vh|ch)?)$/.test(value));
    if (!fits) wrong('a size like "300px" or "50%"');
  } else if (kind === 'word') {
    if (typeof value !== 'string' || value.length > 200) wrong('a short text');
  } else if (kind === 'expression') {
    if (typeof value !== 'string') wrong('an expression');
  } else if (!kind.includes(value)) wrong(`one of ${kind.map(String).join(', ')}`);
}

/** Reports every property that is not in the list or not of its kind; false when `json` is no object at all. */
export function checkProperties(
  json: unknown,
  allowed: Properties,
  path: string,
  reading: Reading,
): json is JsonObject {
  if (!isObject(json)) {
    reading.issues.add('bad-property', path, `Expected an object, found ${shown(json)}.`);
    return false;
  }
  for (const key of Object.keys(json)) {
    const kind = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (kind !== undefined) {
      checkKind(kind, own(json, key), `${path}.${key}`, reading);
      continue;
    }
    const refused = Object.hasOwn(refusedProperties, key) ? refusedProperties[key] : undefined;
    reading.issues.add(
      refused?.code ?? 'unknown-property',
      `${path}.${key}`,
      refused?.message ?? `The property ${shown(key)} is not supported here; remove it.`,
    );
  }
  return true;
}
