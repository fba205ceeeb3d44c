/**
 * What changed between two versions, each with its grade and the reason; the evaluator can decide otherwise with a note. Used
 * where a draft is published and where two versions are compared.
 */
import type { Decision, Grade, InstrumentChange } from '../../../instruments/versions/change.ts';
import { Field, Select } from '../parts/form.tsx';
import { changeTitles, gradeTexts, gradeTitles } from './change-words.ts';

interface Props {
  readonly changes: readonly InstrumentChange[];
  /** Left out where nothing can be decided any more. */
  readonly deciding?: {
    /** What somebody has written about changes; one without a note does not count yet. */
    readonly opinions: readonly Decision[];
    tell(opinion: Decision): void;
  };
}

export function ChangeList({ changes, deciding }: Props) {
  if (changes.length === 0) return <p>Nothing has changed that bears on the answers.</p>;
  return (
    <ul className="changes">
      {changes.map((change) => (
        <li key={JSON.stringify(change)} className="card">
          <ChangeView change={change} {...(deciding ? { deciding } : {})} />
        </li>
      ))}
    </ul>
  );
}

function ChangeView({ change, deciding }: { change: InstrumentChange } & Pick<Props, 'deciding'>) {
  const { item, what, reason, before, after } = change;
  const opinion = deciding?.opinions.find((one) => one.item === item && one.what === what) ?? null;
  const counts = opinion !== null && opinion.note.trim() !== '';
  const grade = counts ? opinion.grade : change.grade;
  return (
    <>
      <p className="change-head">
        <strong>{item ?? 'The instrument'}</strong>: {changeTitles[what]}{' '}
        <span className={`mark mark-grade-${grade}`}>{gradeTitles[grade]}</span>
        {counts && <span className="mark">{grade === change.grade ? 'Confirmed by you' : 'Decided by you'}</span>}
      </p>
      <p>{reason}</p>
      {(before !== null || after !== null) && (
        <dl className="change-texts">
          <div>
            <dt>Before</dt>
            <dd>{before ?? <span className="soft">not there</span>}</dd>
          </div>
          <div>
            <dt>Now</dt>
            <dd>{after ?? <span className="soft">not there</span>}</dd>
          </div>
        </dl>
      )}
      {deciding && <Deciding change={change} opinion={opinion} tell={deciding.tell} />}
    </>
  );
}

interface DecidingProps {
  readonly change: InstrumentChange;
  readonly opinion: Decision | null;
  readonly tell: NonNullable<Props['deciding']>['tell'];
}

/** A grade of one's own counts once there is a note that says why; a note alone confirms the grade. */
function Deciding({ change: { item, what, grade }, opinion, tell }: DecidingProps) {
  const said = opinion ?? { item, what, grade, note: '' };
  return (
    <details className="deciding" open={opinion !== null}>
      <summary>Confirm or decide otherwise</summary>
      <div className="form">
        <Select
          label={`Grade of this change of ${item ?? 'the instrument'}`}
          name="grade"
          value={said.grade}
          onChange={(value) => tell({ ...said, grade: value as Grade })}
          hint={gradeTexts[said.grade]}
          options={Object.entries(gradeTitles).map(([value, title]) => ({ value, title }))}
        />
        <Field
          label="Why"
          name="note"
          value={said.note}
          hint="Stands with the version for good. Without it the grade stays as it is."
          onChange={(event) => tell({ ...said, note: event.target.value })}
        />
      </div>
    </details>
  );
}
