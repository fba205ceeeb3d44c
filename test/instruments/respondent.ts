/**
 * Plays a respondent on a survey-core model: sets random answers where the page would let a person set them, in any
 * order, so that questions appear and vanish on the way. Used by the tests that hold checker and conditions against it.
 */
import fc from 'fast-check';
import type { Model } from '../../instruments/surveyjs.ts';
import type { Piece } from './arbitraries.ts';

/** What the player needs of survey-core's questions; their own types do not tell matrices from texts. */
interface Screen {
  readonly name: string;
  readonly isVisibleInSurvey: boolean;
  readonly isVisible: boolean;
  readonly isParentVisible: boolean;
  readonly isReadOnly: boolean;
  readonly isRequired: boolean;
  readonly visibleChoices?: readonly { readonly value: unknown }[];
  readonly visibleRows?: readonly { readonly name: string; readonly cells: readonly { readonly question: Screen }[] }[];
  readonly panels?: readonly { readonly questions: readonly Screen[] }[];
  readonly rowCount?: number;
  readonly panelCount?: number;
  value: unknown;
  getType(): string;
  isEmpty(): boolean;
  validate(fireCallback: boolean): boolean;
  addRow?(): void;
  addPanel?(): unknown;
}

/** One thing that a respondent does: on which question, and a number that decides what. */
export type Move = readonly [which: number, draw: number];
export const randomMoves: fc.Arbitrary<Move[]> = fc.array(fc.tuple(fc.nat(), fc.nat()), {
  minLength: 5,
  maxLength: 25,
});

export function screenOf(model: Model, name: string): Screen {
  return model.getQuestionByName(name) as unknown as Screen;
}

const isTable = (type: string): boolean => type === 'matrixdynamic' || type === 'paneldynamic';

/** Values for the cells of the random tables, by column name. */
function cellValue(cell: Screen, draw: number): unknown {
  const values: Readonly<Record<string, unknown>> = {
    x: 1 + (draw % 3),
    y: cell.getType() === 'boolean' ? draw % 7 < 3 : draw % 5,
    z: [1 + (draw % 2)],
    kind: 1 + (draw % 3),
    days: draw % 8,
    why: 'because',
  };
  return values[cell.name];
}

function fillCell(cells: readonly Screen[], draw: number): void {
  const cell = cells[draw % (cells.length || 1)];
  if (!cell || cell.getType() === 'expression' || cell.isReadOnly || !cell.isVisible || !cell.isParentVisible) return;
  cell.value = cellValue(cell, draw >> 3);
}

/** Does one thing on the screen, if the page allows it. */
function move(model: Model, piece: Piece, draw: number): void {
  const screen = screenOf(model, piece.name);
  const type = screen.getType();
  if (!screen.isVisibleInSurvey || screen.isReadOnly || type === 'expression') return;
  if (draw % 5 < 2 && type === 'matrixdynamic' && (screen.rowCount ?? 0) < 4) screen.addRow?.();
  if (draw % 5 < 2 && type === 'paneldynamic' && (screen.panelCount ?? 0) < 3) screen.addPanel?.();
  if (type === 'matrixdropdown' || type === 'matrixdynamic') {
    const rows = screen.visibleRows ?? [];
    fillCell(
      (rows[draw % (rows.length || 1)]?.cells ?? []).map((cell) => cell.question),
      draw >> 3,
    );
    return;
  }
  if (type === 'paneldynamic') {
    const panels = screen.panels ?? [];
    fillCell(panels[draw % (panels.length || 1)]?.questions ?? [], draw >> 3);
    return;
  }
  const [value] = fc.sample(piece.value, { numRuns: 1, seed: draw });
  if (type === 'matrix') {
    const rows = new Set((screen.visibleRows ?? []).map((row) => row.name));
    screen.value = Object.fromEntries(Object.entries(value ?? {}).filter(([row]) => rows.has(row)));
    return;
  }
  const offered = screen.visibleChoices?.map((choice) => choice.value);
  if (offered && ![value].flat().every((code) => offered.includes(code))) return;
  screen.value = value;
}

/** What is left when the respondent is done. */
export interface Played {
  /** The answers as the page would send them. */
  readonly answers: Record<string, unknown>;
  /** An entry beyond its limits stands on the screen but is not part of the answers. */
  readonly held: boolean;
}

export function play(model: Model, pieces: readonly Piece[], moves: readonly Move[]): Played {
  for (const [which, draw] of moves) {
    const piece = pieces[which % pieces.length];
    if (piece) move(model, piece, draw);
  }
  // What the page does before it sends: conditions are settled, and checking makes the rows of tables.
  model.runExpressions();
  model.validate(false);
  const answers: Record<string, unknown> = JSON.parse(JSON.stringify(model.data));
  const held = pieces.some((piece) => {
    const screen = screenOf(model, piece.name);
    const shown = screen.getType() === 'text' && screen.isVisibleInSurvey && screen.value !== '';
    return shown && JSON.stringify(screen.value) !== JSON.stringify(answers[piece.name]);
  });
  return { answers, held };
}

/** Names of the questions in which survey-core finds fault; `sure` are those without the cases where it is stricter. */
export function faults(
  model: Model,
  pieces: readonly Piece[],
  answers: Record<string, unknown>,
): { all: string[]; sure: string[] } {
  const faulty = pieces
    .map((piece) => screenOf(model, piece.name))
    .filter((screen) => screen.isVisibleInSurvey && !screen.validate(false));
  const sure = faulty.filter((screen) => {
    const type = screen.getType();
    // A blank row at the end stands on the screen only.
    const sent = answers[screen.name];
    if (isTable(type)) return (screen.rowCount ?? screen.panelCount ?? 0) <= (Array.isArray(sent) ? sent.length : 0);
    // minSelectedChoices binds even where nothing need be answered.
    return !(type === 'checkbox' && screen.isEmpty() && !screen.isRequired);
  });
  const names = (screens: readonly Screen[]): string[] => screens.map((screen) => screen.name);
  return { all: names(faulty), sure: names(sure) };
}
