/**
 * What changed between two versions, each with its grade and the reason; the evaluator can decide otherwise with a note. Used
 * where a draft is published and where two versions are compared.
 */
import { useState } from 'react';
import type { ChangeKind, Decision, Grade, InstrumentChange } from '../../../instruments/versions/change.ts';
import { Field, Select } from '../parts/form.tsx';
import { changeTitles, gradeTexts, gradeTitles } from './change-words.ts';

interface Props {
  readonly changes: readonly InstrumentChange[];
  /** Left out where nothing can be decided any more. */
  readonly deciding?: {
    readonly decisions: readonly Decision[];
    decide(item: string | null, what: ChangeKind, decision: Decision | null): void;
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
  const decision = deciding?.decisions.find((one) => one.item === item && one.what === what);
  const grade = decision?.grade ?? change.grade;
  return (
    <>
      <p className="change-head">
        <strong>{item ?? 'The instrument'}</strong>: {changeTitles[what]}{' '}
        <span className={`mark mark-grade-${grade}`}>{gradeTitles[grade]}</span>
        {decision && <span className="mark">Decided by you</span>}
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
      {deciding && <Deciding change={change} decision={decision ?? null} decide={deciding.decide} />}
    </>
  );
}

interface DecidingProps {
  readonly change: InstrumentChange;
  readonly decision: Decision | null;
  readonly decide: NonNullable<Props['deciding']>['decide'];
}

/** A grade of one's own counts once there is a note that says why. */
function Deciding({ change: { item, what, grade }, decision, decide }: DecidingProps) {
  const [wanted, setWanted] = useState<Grade>(decision?.grade ?? grade);
  const [note, setNote] = useState(decision?.note ?? '');
  const tell = (nextGrade: Grade, nextNote: string) => {
    setWanted(nextGrade);
    setNote(nextNote);
    const counts = nextGrade !== grade && nextNote.trim() !== '';
    decide(item, what, counts ? { item, what, grade: nextGrade, note: nextNote.trim() } : null);
  };
  return (
    <details className="deciding">
      <summary>Decide otherwise</summary>
      <div className="form">
        <Select
          label={`Grade of this change of ${item ?? 'the instrument'}`}
          name="grade"
          value={wanted}
          onChange={(value) => tell(value as Grade, note)}
          hint={gradeTexts[wanted]}
          options={Object.entries(gradeTitles).map(([value, title]) => ({ value, title }))}
        />
        <Field
          label="Why"
          name="note"
          value={note}
          hint="Stands with the version for good. Without it the grade stays as it is."
          onChange={(event) => tell(wanted, event.target.value)}
        />
      </div>
    </details>
  );
}
