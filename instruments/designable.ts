/**
 * Which settings of SurveyJS a designer may offer: those that `parseInstrument` takes. Called by the designer of the workbench,
 * which hides all others, so that nobody sets what is refused on publishing.
 */
import type { Properties } from './check-properties.ts';
import { calculatedValueProperties, pageProperties, panelProperties, surveyProperties } from './layout-properties.ts';
import {
  checkboxChoiceProperties,
  choiceProperties,
  columnProperties,
  isQuestionType,
  itemProperties,
  propertiesOf,
  rowProperties,
} from './question-properties.ts';
import { type QuestionType, supportedTypes } from './questions.ts';

/** The types of a designer's toolbox, in its order. */
export const designableTypes: readonly QuestionType[] = supportedTypes;

/** Parts of a survey by the name that survey-core has for them. */
const parts: Readonly<Record<string, Properties>> = {
  survey: surveyProperties,
  page: pageProperties,
  panel: panelProperties,
  calculatedvalue: calculatedValueProperties,
  itemvalue: rowProperties,
  choiceitem: choiceProperties,
  ratingitem: choiceProperties,
  matrixcolumn: choiceProperties,
  checkboxitem: checkboxChoiceProperties,
  multipletextitem: itemProperties,
};

/**
 * Whether an element of this type (as survey-core calls it) may have the property; true for elements of which nothing is
 * known here, like validators, whose readers say what they take.
 *
 * @example
 * isDesignable('dropdown', 'choicesByUrl') // => false
 * isDesignable('dropdown', 'choices') // => true
 */
export function isDesignable(element: string, property: string): boolean {
  const allowed = isQuestionType(element) ? propertiesOf(element) : parts[element];
  return allowed === undefined || Object.hasOwn(allowed, property);
}

/** The same of a column of a matrix whose cells are questions of this type; `default` takes the type of the matrix. */
export function isDesignableColumn(cellType: string, property: string): boolean {
  return Object.hasOwn(columnProperties(isQuestionType(cellType) ? cellType : 'dropdown'), property);
}
