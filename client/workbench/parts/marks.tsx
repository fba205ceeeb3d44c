/** Small marks that stand in many places: states, simulated data, response rates as a bar, facts in pairs. */
import type { ReactNode } from 'react';
import type { Estimate } from '../../../analysis/result.ts';
import type { AdministrationState } from '../../../instruments/study.ts';
import { formatNumber, formatPercent } from '../../shared/format.ts';

const stateTitles: Readonly<Record<AdministrationState, string>> = {
  planned: 'Planned',
  open: 'Open',
  paused: 'Paused',
  closed: 'Closed',
};

export function StateMark({ state }: { state: AdministrationState }) {
  return <span className={`mark mark-${state}`}>{stateTitles[state]}</span>;
}

export function SimulatedMark() {
  return <span className="mark mark-simulated">Simulated</span>;
}

export function PilotMark() {
  return <span className="mark mark-simulated">Pilot</span>;
}

/** Stands on every page of a pilot. */
export function PilotNotice() {
  return (
    <div className="notice notice-simulated">
      <p>
        <strong>Pilot.</strong> Its answers stand apart: no rate, report or dataset of the study counts them. Here you
        see those of the pilot alone.
      </p>
    </div>
  );
}

/** Stands on every page that shows simulated data. */
export function SimulatedNotice({ children }: { children?: ReactNode }) {
  return (
    <div className="notice notice-simulated">
      <p>
        <strong>Simulated data.</strong> Schools, people and answers here are made by a computer. No figure says
        anything about a real school.
      </p>
      {children}
    </div>
  );
}

/** A share as a bar with its figure; the bar itself is decoration. */
export function RateBar(props: { responded: number; invited: number; interval?: Estimate['interval'] }) {
  const share = props.invited > 0 ? props.responded / props.invited : null;
  return (
    <span className="rate">
      <span className="rate-bar" aria-hidden="true">
        <span className="rate-fill" style={{ inlineSize: `${(share ?? 0) * 100}%` }} />
        {props.interval && (
          <span
            className="rate-interval"
            style={{
              insetInlineStart: `${props.interval.lower * 100}%`,
              inlineSize: `${(props.interval.upper - props.interval.lower) * 100}%`,
            }}
          />
        )}
      </span>
      <span className="rate-figure">{formatPercent(share)}</span>
    </span>
  );
}

/** Name and value pairs. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A few figures that matter most, large. */
export function Figures({ figures }: { figures: readonly (readonly [string, number])[] }) {
  return (
    <dl className="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
