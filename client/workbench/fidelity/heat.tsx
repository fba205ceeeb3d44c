/** One score of the heat map: its number, a shade that says the same, and the reason where there is none. Used by `picture.tsx`. */
import type { Cell } from '../../../analysis/process/scores.ts';
import type { ScoreReason } from '../../../instruments/fidelity/score.ts';

export const reasonTexts: Readonly<Record<ScoreReason, { short: string; text: string }>> = {
  'no-data': { short: 'n/d', text: 'no data: nothing was logged, observed or answered' },
  'not-due': { short: 'due', text: 'not due yet' },
  'missing-values': { short: 'gap', text: 'what was sent leaves out what the rule needs' },
  'not-there': { short: '–', text: 'not in the study in this cycle' },
  'not-in-programme': { short: '–', text: 'not in the programme' },
  suppressed: { short: '✱', text: 'too few people to be shown' },
};

/** Five shades of one hue, from light to dark; the number stands in each. */
function shadeOf(value: number): number {
  return Math.min(4, Math.floor(value * 5));
}

export function formatScore(value: number): string {
  return value.toFixed(2);
}

interface HeatProps {
  readonly cell: Pick<Cell, 'value' | 'reason'> | undefined;
  /** What the score is of, for screen readers; with it the cell leads to its events. */
  readonly label?: string;
  readonly open?: () => void;
}

export function Heat({ cell, label, open }: HeatProps) {
  if (!cell) return <td className="heat heat-none" />;
  const { value, reason } = cell;
  const why = reason === null ? null : reasonTexts[reason];
  const shown =
    value === null ? (
      <>
        <span aria-hidden="true">{why?.short}</span>
        <span className="visually-hidden">{why?.text}</span>
      </>
    ) : (
      formatScore(value)
    );
  const className = value === null ? `heat heat-${reason ?? 'none'}` : `heat heat-${shadeOf(value)}`;
  return (
    <td className={className}>
      {open ? (
        <button type="button" className="heat-button" onClick={open}>
          {shown}
          <span className="visually-hidden">, {label}: show the events</span>
        </button>
      ) : (
        shown
      )}
    </td>
  );
}

/** What the shades and the short words mean. */
export function HeatLegend() {
  return (
    <ul className="heat-legend">
      {['0.00 to 0.19', '0.20 to 0.39', '0.40 to 0.59', '0.60 to 0.79', '0.80 to 1.00'].map((text, at) => (
        <li key={text}>
          <span className={`heat-sample heat-${at}`} aria-hidden="true" /> {text}
        </li>
      ))}
      {(['no-data', 'not-due', 'missing-values', 'suppressed'] as const).map((reason) => (
        <li key={reason}>
          <b>{reasonTexts[reason].short}</b> {reasonTexts[reason].text}
        </li>
      ))}
    </ul>
  );
}
