/** The administrations of a study, wave by wave, with how far each has come. */
import { Link } from 'react-router';
import { roles, roleTitles, type Study } from '../../../instruments/study.ts';
import type { AdministrationSummary, StudyDetail } from '../../shared/api.ts';
import { formatDays, formatNumber } from '../../shared/format.ts';
import { Empty } from '../parts/loaded.tsx';
import { PilotMark, RateBar, StateMark } from '../parts/marks.tsx';
import { useMay } from '../session.tsx';

export function AdministrationList({ detail }: { detail: StudyDetail }) {
  const { study, administrations } = detail;
  const mayManage = useMay('administration.manage', study.id);
  // Those who see named clusters only have no part in planning.
  const mayReport = useMay('report.read', study.id);
  const waves = study.waves.map((wave) => ({
    wave,
    inside: administrations.filter((administration) => administration.wave === wave.id),
  }));
  return (
    <section aria-labelledby="administrations">
      <h2 id="administrations">Administrations</h2>
      <nav className="page-actions" aria-label="Planning">
        {mayManage && (
          <Link className="button button-main" to={`/studies/${study.id}/new-administration`}>
            New administration
          </Link>
        )}
        {mayManage && (
          <Link className="button" to={`/studies/${study.id}/waves`}>
            Waves and languages
          </Link>
        )}
        {mayReport && (
          <Link className="button" to={`/studies/${study.id}/information`}>
            Information sheets
          </Link>
        )}
        {mayReport && (
          <Link className="button" to={`/studies/${study.id}/amendments`}>
            Amendments
          </Link>
        )}
      </nav>
      {administrations.length === 0 && (
        <Empty title="No administration yet">
          {mayManage && <p>Fill the rosters and write an information sheet first; then plan one here.</p>}
        </Empty>
      )}
      {waves
        .filter(({ inside }) => inside.length > 0)
        .map(({ wave, inside }) => (
          <section key={wave.id} className="card wave-group" aria-labelledby={`wave-${wave.id}`}>
            <h3 id={`wave-${wave.id}`}>{wave.title}</h3>
            <ul className="list">
              {inside.map((administration) => (
                <AdministrationRow key={administration.id} administration={administration} study={study} />
              ))}
            </ul>
          </section>
        ))}
    </section>
  );
}

function AdministrationRow({ administration, study }: { administration: AdministrationSummary; study: Study }) {
  const { id, title, state, opens, closes, invited, responded } = administration;
  return (
    <li className="list-row administration-row">
      <div className="list-main">
        <p className="list-title">
          <Link to={`/studies/${study.id}/administrations/${id}`}>{title}</Link> <StateMark state={state} />{' '}
          {administration.pilot && <PilotMark />}
        </p>
        <p className="soft">
          {audienceOf(administration, study)} · {formatDays(opens, closes)}
          {administration.mode === 'anonymous' && ' · anonymous'}
          {administration.repeats && ' · entries as often as needed'}
        </p>
      </div>
      <div className="administration-rate">
        {invited === null || responded === null ? (
          <p className="soft">Too few people to show how many responded.</p>
        ) : (
          <>
            <RateBar responded={responded} invited={invited} />
            <p className="soft">
              {formatNumber(responded)} of {formatNumber(invited)} responded
            </p>
          </>
        )}
      </div>
    </li>
  );
}

/** Who is asked, in words: `Teacher, Headteacher in the intervention arm`. */
export function audienceOf(administration: AdministrationSummary, study: Study): string {
  const { audience } = administration;
  const who =
    audience.roles.length === roles.length
      ? 'All roles'
      : audience.roles.map((role, index) => lowerAfterFirst(roleTitles[role], index)).join(', ');
  const everyArm = study.arms.every((arm) => audience.arms.includes(arm.id));
  const arms = study.arms.filter((arm) => audience.arms.includes(arm.id)).map((arm) => arm.title);
  return everyArm ? `${who} in all arms` : `${who} in ${arms.join(', ')}`;
}

function lowerAfterFirst(title: string, index: number): string {
  return index === 0 || title.startsWith('Improvement') ? title : title.toLocaleLowerCase('en-GB');
}
