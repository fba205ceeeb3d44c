/**
 * The questions of a link as its person gets them: lists of people with those whom the link may show, by name and under their
 * pseudonyms; without the lists and the evidence where the link may have neither. Called by the respondent's routes.
 */
import type { SurveyJson } from '../../instruments/instrument.ts';
import { isObject } from '../../instruments/json.ts';
import { linkedQuestions } from '../../instruments/linked-answers.ts';
import type { Context } from '../context.ts';
import type { Link } from '../responses/offers.ts';
import { longDay, type Speech } from '../responses/words.ts';
import { type OfferedPerson, offeredPeople } from './people.ts';
import { isPersonal } from './scope.ts';

/** The survey of the link's instrument, in all its languages; the sentences about people in that of the page. */
export async function surveyOf(
  context: Pick<Context, 'db' | 'clock' | 'config' | 'secret'>,
  link: Link,
  speech: Speech,
): Promise<SurveyJson> {
  const { compiled } = link;
  const { survey } = compiled.instrument;
  const lists = linkedQuestions(compiled, 'people');
  if (lists.length === 0 && linkedQuestions(compiled, 'files').length === 0) return survey;
  const people = lists.length === 0 ? null : await offeredPeople(context, link);
  const choices = (people ?? []).map((person) => ({ value: person.id, text: nameOf(person, speech) }));
  const files = isPersonal(link);
  const settled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(settled).filter((one) => one !== leftOut);
    if (!isObject(value)) return value;
    if (value.fidelisChoices === 'people') return choices.length === 0 ? leftOut : { ...value, choices };
    if (value.fidelisEvidence === true && !files) return leftOut;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, settled(inner)]));
  };
  return settled(survey) as SurveyJson;
}

const leftOut = Symbol('a question that this link is not asked');

function nameOf({ name, schoolName, until }: OfferedPerson, speech: Speech): string {
  const place = schoolName === null ? '' : `, ${schoolName}`;
  const left = until === null ? '' : ` ${speech.words.client.peopleUntil.replace('{day}', longDay(until, speech))}`;
  return `${name}${place}${left}`;
}
