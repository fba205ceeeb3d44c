/**
 * The checker and the conditions against a survey-core model, on random instruments and random respondents.
 *
 * They agree on what is shown, on calculated values, and on what may be sent. Known differences, each on purpose:
 * - survey-core accepts illegal codes, unknown keys, unknown rows, too many choices or rows, too long texts and answers
 *   to hidden questions when they are set from outside; the checker does not (checker.test.ts beside this file).
 * - survey-core holds a number or date beyond its limits back on the screen; the answers do not contain it.
 * - survey-core checks blank rows at the end of a table that are on the screen but not in the answers.
 * - survey-core wants minSelectedChoices of a question that nobody need answer; the checker lets it be left blank.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import { situationOf } from '../../instruments/conditions.ts';
import { createModel, type Model } from '../../instruments/surveyjs.ts';
import { type Piece, randomSurvey } from './arbitraries.ts';
import { compiled as compiledOf } from './build.ts';
import { faults, type Played, play, randomMoves, screenOf } from './respondent.ts';

/** A model costs tens of milliseconds; on a busy machine more. */
const timeout = 180_000;
const respondents = 100;

/** Runs a check on random respondents; those whose screen shows what is not sent are passed over. */
function onRandomRespondents(
  seed: number,
  check: (played: Played & { model: Model; compiled: CompiledInstrument; pieces: readonly Piece[] }) => void,
): void {
  let checked = 0;
  fc.assert(
    fc.property(randomSurvey, randomMoves, ({ survey, pieces }, moves) => {
      const compiled = compiledOf(survey);
      const model = createModel(compiled.instrument.survey);
      const played = play(model, pieces, moves);
      if (played.held) return;
      checked += 1;
      check({ ...played, model, compiled, pieces });
    }),
    { seed, numRuns: respondents },
  );
  expect(checked).toBeGreaterThan(respondents * 0.8);
}

test('a question is shown to a respondent exactly when its conditions hold on the answers', { timeout }, () => {
  onRandomRespondents(1, ({ model, compiled, pieces, answers }) => {
    const situation = situationOf(compiled, answers);
    const shown = pieces.filter((piece) => !situation.hidden.has(piece.name)).map((piece) => piece.name);
    const onScreen = pieces.filter((piece) => screenOf(model, piece.name).isVisibleInSurvey);
    expect(shown).toEqual(onScreen.map((piece) => piece.name));
  });
});

test('the checker finds fault with the questions with which the page does', { timeout }, () => {
  onRandomRespondents(2, ({ model, compiled, pieces, answers }) => {
    const blamed = [...new Set(checkAnswers(compiled, answers).map((issue) => issue.path.split(/[.[]/)[1] ?? ''))];
    const { all, sure } = faults(model, pieces, answers);
    expect(blamed.filter((name) => !all.includes(name))).toEqual([]);
    expect(sure.filter((name) => !blamed.includes(name))).toEqual([]);
  });
});

test('calculated values are the same on the page and in the row', { timeout }, () => {
  onRandomRespondents(3, ({ model, compiled, pieces, answers }) => {
    const { values } = situationOf(compiled, answers);
    for (const piece of pieces.filter((one) => one.json.type === 'expression')) {
      expect(values[piece.name]).toEqual(screenOf(model, piece.name).value);
    }
    expect(values.total).toEqual(answers.total);
  });
});

test('drafts of a respondent are accepted at every moment', { timeout }, () => {
  onRandomRespondents(4, ({ compiled, answers }) => {
    expect(checkAnswers(compiled, answers, { partial: true })).toEqual([]);
  });
});
