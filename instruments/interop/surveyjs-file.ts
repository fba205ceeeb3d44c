/**
 * Reads plain SurveyJS JSON, as the Creator and other programs write it, into a draft of an instrument: names are made legal
 * and texts for codes become numbers, both with what depends on them; what instruments do not allow is left out and told.
 * Called by the import of the workshop and by `fidelis instruments import`.
 */
import { isObject, isWithin, type JsonObject, own } from '../json.ts';
import { parseInstrument } from '../parse.ts';
import { draftAround } from './draft.ts';
import { type Imported, type LeftOut, UnreadableFile } from './left-out.ts';
import { SurveyCleaner } from './surveyjs-clean.ts';
import { dropRefused } from './surveyjs-refused.ts';

/** Throws `UnreadableFile` for JSON that is no survey, or too large. */
export function importSurveyjs(json: unknown): Imported {
  const refuse = (code: string, message: string): never => {
    throw new UnreadableFile([{ code, path: 'the file', message }]);
  };
  if (!isWithin(json, 250_000, 60))
    refuse('too-large', 'The file has more than 250,000 values or is nested more than 60 deep.');
  if (!isObject(json)) return refuse('no-survey', 'The file holds no SurveyJS JSON: an object with pages or elements.');
  // An instrument of ours is taken as it is.
  if (isObject(own(json, 'survey')) && typeof own(json, 'id') === 'string') {
    const parsed = parseInstrument(json);
    if (parsed.ok) return { instrument: { ...parsed.value }, leftOut: [] };
  }
  const survey = isObject(own(json, 'survey')) ? (own(json, 'survey') as JsonObject) : json;
  if (
    !Array.isArray(own(survey, 'pages')) &&
    !Array.isArray(own(survey, 'elements')) &&
    !Array.isArray(own(survey, 'questions'))
  ) {
    refuse('no-survey', 'The file holds no SurveyJS JSON: it has neither pages nor elements.');
  }
  const leftOut: LeftOut[] = [];
  const cleaner = new SurveyCleaner(survey, leftOut);
  const { survey: cleaned, languages, title } = cleaner.clean();
  const draft = draftAround(cleaned, { title, languages, from: 'SurveyJS JSON' });
  return { instrument: dropRefused(draft, leftOut), leftOut };
}
