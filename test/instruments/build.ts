/** Builds small instruments for the tests of this folder. */
import { type CompiledInstrument, compileInstrument } from '../../instruments/compile.ts';
import type { Instrument, Issue, Parsed } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';

type Json = Record<string, unknown>;

/** An instrument around a survey. */
export function instrumentWith(survey: unknown, more: Json = {}): Json {
  return {
    id: 'example',
    version: 1,
    kind: 'survey',
    title: 'Example',
    description: '',
    languages: ['en'],
    subject: 'person',
    sources: [],
    permission: { holder: 'nobody', status: 'not-needed', note: '' },
    survey,
    scales: [],
    changes: [],
    ...more,
  };
}

/** A survey of one page with these questions. */
export const pageOf = (...elements: unknown[]): Json => ({ pages: [{ name: 'page1', elements }] });

/** A survey with a page for each list of questions. */
export const pagesOf = (...pages: unknown[][]): Json => ({
  pages: pages.map((elements, at) => ({ name: `page${at + 1}`, elements })),
});

export function parsed(survey: unknown, more: Json = {}): Parsed<Instrument> {
  return parseInstrument(instrumentWith(survey, more));
}

/** An instrument that must be legal. */
export function accepted(survey: unknown, more: Json = {}): Instrument {
  const result = parsed(survey, more);
  if (!result.ok) throw new Error(JSON.stringify(result.issues, null, 1));
  return result.value;
}

/** Issues of an instrument; none when it is legal. */
export function issuesOf(survey: unknown, more: Json = {}): readonly Issue[] {
  const result = parsed(survey, more);
  return result.ok ? [] : result.issues;
}

export function compiled(survey: unknown, more: Json = {}): CompiledInstrument {
  return compileInstrument(accepted(survey, more));
}

/** A compiled instrument with one page of questions. */
export const asking = (...elements: unknown[]): CompiledInstrument => compiled(pageOf(...elements));

/** Issues as `code path`, in order. */
export const brief = (issues: readonly Issue[]): string[] => issues.map((issue) => `${issue.code} ${issue.path}`);
