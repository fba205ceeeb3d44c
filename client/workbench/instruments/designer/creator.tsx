/**
 * The form of an instrument in SurveyJS Creator: the only importer of it, a chunk of its own that loads when a draft is opened
 * on an installation that has not set `FIDELIS_DESIGNER=json`. What the parser refuses is not offered.
 */
import { useEffect, useRef, useState } from 'react';
import { DefaultContrast } from 'survey-creator-core/themes';
import { SurveyCreator, SurveyCreatorComponent } from 'survey-creator-react';
import './creator.css';
import { designableTypes, isDesignable, isDesignableColumn } from '../../../../instruments/designable.ts';
import { type Keying, prepareDesigner } from '../../../../instruments/surveyjs.ts';
import { fromDefault, toDefault } from './default-language.ts';

type Survey = Readonly<Record<string, unknown>>;

/** An item that got another name. */
interface Renamed {
  readonly from: string;
  readonly to: string;
}

interface DesignerProps {
  readonly survey: Survey;
  /** Of the instrument; the Creator shows and edits the texts of the first. */
  readonly languages: readonly string[];
  readonly keying: Keying;
  readonly licenseKey: string | null;
  /** An item or question to select, and a number that grows with each wish. */
  readonly wish: { readonly item: string; readonly number: number } | null;
  onChange(survey: Survey, renamed: Renamed | null): void;
}

/** Our instruments have whole numbers for codes: new choices, columns and rate values get the next one. */
const nextCode = (values: readonly { value: unknown }[]): number =>
  Math.max(0, ...values.map(({ value }) => (typeof value === 'number' ? value : 0))) + 1;

const agreement = ['Strongly disagree', 'Disagree', 'Agree', 'Strongly agree'].map((text, i) => ({
  value: i + 1,
  text,
}));
const answers = [1, 2, 3].map((value) => ({ value, text: `Answer ${value}` }));

/** What a new question of a type begins with, where survey-core's own would be refused or say nothing. */
const beginnings: Readonly<Record<string, object>> = {
  radiogroup: { choices: answers },
  dropdown: { choices: answers },
  checkbox: { choices: answers },
  tagbox: { choices: answers },
  ranking: { choices: answers },
  matrix: { columns: agreement, rows: ['item_1', 'item_2'].map((value) => ({ value, text: 'A statement' })) },
};

/** What a property belongs to, as the events of the Creator name it. */
interface Designed {
  getType(): string;
  readonly cellType?: string;
}

function mayShow(element: Designed, property: string): boolean {
  if (property === 'scale' || property === 'reversed') return true;
  const type = element.getType();
  return type === 'matrixdropdowncolumn'
    ? isDesignableColumn(element.cellType ?? 'default', property)
    : isDesignable(type, property);
}

function makeCreator(): SurveyCreator {
  const creator = new SurveyCreator({
    showJSONEditorTab: false,
    showPreviewTab: false,
    showThemeTab: false,
    showLogicTab: false,
    showTranslationTab: false,
    showSurveyTitle: false,
    questionTypes: [...designableTypes],
    autoSaveEnabled: false,
    showSaveButton: false,
  });
  // The default one is too faint to read.
  creator.applyCreatorTheme(DefaultContrast);
  for (const item of creator.toolbox.items) {
    const beginning = beginnings[item.name];
    if (beginning) item.json = { type: item.name, ...beginning };
  }
  // Going back and forth is the page's, which knows the scales too.
  for (const action of [...creator.toolbarItems, ...creator.footerToolbar.actions]) {
    if (/undo|redo/.test(action.id)) action.visible = false;
  }
  creator.onPropertyShowing.add((_, event) => {
    if (!mayShow(event.element as Designed, event.property.name)) event.show = false;
  });
  creator.onItemValueAdded.add((_, event) => {
    const { newItem, itemValues, propertyName } = event;
    if (propertyName === 'rows') return;
    newItem.value = nextCode(itemValues.filter((one) => one !== newItem));
    newItem.text = `Answer ${newItem.value}`;
  });
  return creator;
}

export function Designer({ survey, languages, keying, licenseKey, wish, onChange }: DesignerProps) {
  const latest = useRef({ languages, keying, onChange });
  latest.current = { languages, keying, onChange };
  const shown = useRef<Survey | null>(null);
  const [creator] = useState(() => {
    prepareDesigner(followed(latest), licenseKey);
    return makeCreator();
  });

  useEffect(() => {
    prepareDesigner(followed(latest), licenseKey);
    return () => prepareDesigner(null);
  }, [licenseKey]);

  const spoken = languages.join(' ');
  const shownLanguages = useRef(spoken);
  useEffect(() => {
    if (survey === shown.current && spoken === shownLanguages.current) return;
    shown.current = survey;
    shownLanguages.current = spoken;
    creator.JSON = toDefault(survey, spoken.split(' '));
  }, [creator, survey, spoken]);

  useEffect(() => {
    const tell = (_: unknown, event: Modified) => {
      const next = fromDefault(creator.JSON as Survey, latest.current.languages);
      // Keying is no part of the form: a change of it leaves the form as it was.
      if (JSON.stringify(next) === JSON.stringify(shown.current)) return;
      shown.current = next;
      latest.current.onChange(next, renamedBy(event));
    };
    creator.onModified.add(tell);
    return () => creator.onModified.remove(tell);
  }, [creator]);

  useEffect(() => {
    if (!wish) return;
    const question = creator.survey.getQuestionByName(wish.item);
    const matrix = creator.survey.getAllQuestions().find((one) => hasRow(one.rows, wish.item));
    const found = question ?? matrix;
    if (found) creator.selectElement(found);
  }, [creator, wish]);

  return (
    <div className="designer">
      <SurveyCreatorComponent creator={creator} />
    </div>
  );
}

function hasRow(rows: unknown, item: string): boolean {
  return Array.isArray(rows) && rows.some((row: { value?: unknown }) => row?.value === item);
}

/** What the Creator tells of a change. */
interface Modified {
  readonly type?: string;
  readonly name?: string;
  readonly target?: { getType?(): string };
  readonly oldValue?: unknown;
  readonly newValue?: unknown;
}

/** The name of a question is that of its item; in a matrix the value of a row is. */
function renamedBy({ type, name, target, oldValue, newValue }: Modified): Renamed | null {
  if (type !== 'PROPERTY_CHANGED' || typeof oldValue !== 'string' || typeof newValue !== 'string') return null;
  const isName = name === 'name' || (name === 'value' && target?.getType?.() === 'itemvalue');
  return isName && oldValue !== '' && newValue !== '' ? { from: oldValue, to: newValue } : null;
}

/** Always the newest keying, though the designer is made once. */
function followed(latest: { readonly current: { readonly keying: Keying } }): Keying {
  return {
    scales: () => latest.current.keying.scales(),
    scaleOf: (item) => latest.current.keying.scaleOf(item),
    isReversed: (item) => latest.current.keying.isReversed(item),
    setScale: (item, scale) => latest.current.keying.setScale(item, scale),
    setReversed: (item, reversed) => latest.current.keying.setReversed(item, reversed),
  };
}
