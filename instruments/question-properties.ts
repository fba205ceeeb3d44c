/** The SurveyJS properties that questions, columns, choices, rows and boxes of an instrument may have. */
import type { Properties } from './check-properties.ts';
import { box, conditions, errorPlace, place } from './layout-properties.ts';
import type { QuestionType } from './questions.ts';

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
const typing: Properties = { maxLength: 'own', placeholder: 'text' };
const input: Properties = {
  ...typing,
  inputType: 'own',
  inputSize: 'count',
  size: 'count',
  inputTextAlignment: ['left', 'right', 'auto'],
  maskType: ['none'],
};
const updating: Properties = { textUpdateMode: ['default', 'onBlur', 'onTyping'] };

/** Properties by question type, beside those of every question. */
const questionTypes: Readonly<Record<QuestionType, Properties>> = {
  radiogroup: { ...selecting, colCount: 'count', allowClear: 'flag', showClearButton: 'flag' },
  dropdown: {
    ...selecting,
    ...searching,
    choicesMin: 'own',
    choicesMax: 'own',
    choicesStep: 'own',
    autocomplete: 'word',
    renderAs: ['default', 'select'],
  },
  checkbox: { ...selecting, colCount: 'count', ...counting, fidelisChoices: 'own' },
  tagbox: {
    ...selecting,
    fidelisChoices: 'own',
    colCount: 'count',
    ...counting,
    ...searching,
    hideSelectedItems: 'flag',
    closeOnSelect: 'flag',
  },
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
    ...updating,
    autocomplete: 'word',
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
    ...updating,
    rows: 'count',
    cols: 'count',
    autoGrow: 'flag',
    allowResize: 'flag',
    acceptCarriageReturn: 'flag',
  },
  file: { fidelisEvidence: 'own', allowMultiple: 'flag', maxFiles: 'own' },
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
    rowTitleWidth: 'size',
    columns: 'own',
    rows: 'own',
    rowsVisibleIf: 'expression',
    rowOrder: ['initial', 'random'],
    cellType: 'own',
    eachRowRequired: 'flag',
    isAllRowRequired: 'flag',
    eachRowUnique: 'flag',
  },
  matrixdropdown: {
    ...cells,
    rowTitleWidth: 'size',
    rows: 'own',
    rowsVisibleIf: 'expression',
    rowOrder: ['initial', 'random'],
  },
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
