/**
 * What Fidelis itself says to respondents, by language: the catalogue, and which entry a page gets. Used by the
 * respondent's pages, which hand the client its part. A language without an entry gets English sentences around its own
 * texts.
 */
import { baseOf, dateLocale, defaultLanguage, directionOf } from '../../instruments/languages.ts';
import type { ProblemCode } from '../problems.ts';
import { arabic } from './words-ar.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';

interface Sentences {
  readonly title: string;
  readonly text: string;
}

/** Plain sentences by name. */
type Plain<Name extends string> = Readonly<Record<Name, string>>;

export interface PageWords {
  /** The information page. */
  readonly information: Plain<
    | 'asking'
    | 'goodToKnow'
    | 'confidential'
    | 'anonymous'
    | 'pause'
    | 'unfinished'
    | 'unfinishedAnonymous'
    | 'questions'
    | 'start'
    | 'decline'
    | 'declineText'
    | 'declined'
    | 'preparing'
    | 'withoutScript'
    | 'language'
    | 'simulated'
    | 'pilot'
  > & {
    pages(count: number): string;
    until(day: string): string;
  };
  /** Where a whole staffroom answers through one link: some take the place of those of the same name. */
  readonly shared: Plain<
    'confidential' | 'pause' | 'saved' | 'offlineUnkept' | 'againTitle' | 'againText' | 'againOther'
  >;
  /** Where a link takes an entry after each event: `stored` takes the place of `nextStored`. */
  readonly entries: Plain<'fact' | 'another' | 'stored'> & { sent(count: number, day: string): string };
  /** How answers can be taken back; the page where that is done has its own words (`rights/words.ts`). */
  readonly withdrawal: Plain<
    'title' | 'factLink' | 'factCode' | 'mindTitle' | 'mindText' | 'receiptTitle' | 'receiptText' | 'receiptSafe'
  > & { until(day: string): string };
  /** The other screens, which stand hidden in the page. */
  readonly screens: Plain<
    | 'resumeTitle'
    | 'resumeText'
    | 'carryOn'
    | 'readAgain'
    | 'beforeSending'
    | 'back'
    | 'next'
    | 'send'
    | 'codeTitle'
    | 'codeText'
    | 'codeSafe'
    | 'codeSend'
    | 'codeSkip'
    | 'sendingTitle'
    | 'sendingText'
    | 'sendNow'
    | 'thanksTitle'
    | 'nextTitle'
    | 'nextStored'
    | 'nextDevice'
    | 'nextContact'
    | 'nextContactAnonymous'
    | 'questions'
    | 'declinedTitle'
    | 'declinedText'
    | 'keptHere'
    | 'removeTitle'
    | 'removeText'
    | 'remove'
  >;
  /** What the client says as things happen; it fills in `{…}`. */
  readonly client: Plain<
    | 'step'
    | 'required'
    | 'agreeFirst'
    | 'saved'
    | 'saving'
    | 'offline'
    | 'offlineUnkept'
    | 'online'
    | 'paused'
    | 'pausedSend'
    | 'waiting'
    | 'waitingUnkept'
    | 'received'
    | 'declineFailed'
    | 'notReady'
    | 'reload'
    | 'codeIncomplete'
    | 'lookAgain'
    | 'notTaken'
    | 'consentChanged'
    | 'badFormat'
    | 'removed'
    | 'peopleSearch'
    | 'peopleTicked'
    | 'peopleNone'
    | 'peopleUntil'
    | 'fileTooLarge'
    | 'fileType'
    | 'fileFull'
    | 'fileUnreached'
    | 'fileChoose'
    | 'fileRemove'
  >;
  /** What a page says in place of the survey, or after it turned out that answers cannot be taken. */
  readonly problems: Readonly<Partial<Record<ProblemCode, Sentences>>>;
  /** For every problem without words of its own. */
  readonly unexpected: Sentences;
  readonly dates: { opens(day: string): string; closed(day: string): string };
}

const catalogue: Readonly<Record<string, PageWords>> = { ar: arabic, de: german, en: english };

/** Languages that pages speak where no administration says which. */
export const spokenLanguages = [defaultLanguage, 'de', 'ar'] as const;

/** How a page speaks: its language and direction, and the sentences around the study's own texts. */
export interface Speech {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: PageWords;
}

export function speechIn(language: string): Speech {
  return { language, direction: directionOf(language), words: catalogue[baseOf(language)] ?? english };
}

/** An ISO date in words: `12 December 2026`, `12. Dezember 2026`. */
export function longDay(day: string, { language }: Pick<Speech, 'language'>): string {
  return new Intl.DateTimeFormat(dateLocale(language), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
}
