/** The waves of a study on a line of time; where today stands is said in words, not by colour alone. */
import type { Study } from '../../../instruments/study.ts';
import { dayIn, formatDays, spanState } from '../../shared/format.ts';

const words = { past: 'Over', current: 'Now', future: 'To come' } as const;

export function Waves({ study }: { study: Study }) {
  const today = dayIn(study.timeZone, new Date());
  return (
    <section aria-labelledby="waves">
      <h2 id="waves">Waves</h2>
      <ol className="waves">
        {study.waves.map((wave) => {
          const state = spanState(wave.opens, wave.closes, today);
          return (
            <li
              key={wave.id}
              className={`wave wave-${state}`}
              {...(state === 'current' ? { 'aria-current': 'date' } : {})}
            >
              <p className="wave-title">
                {wave.title} <span className={`mark mark-${state}`}>{words[state]}</span>
              </p>
              <p className="soft">{formatDays(wave.opens, wave.closes)}</p>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
