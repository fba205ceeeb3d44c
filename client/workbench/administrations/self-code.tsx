/** Whether respondents make a code of three answers, by which waves are linked without identity; on the planning page. */
import { defaultQuestions } from '../../../instruments/self-code.ts';
import type { SelfCode } from '../../../instruments/study.ts';
import { Field, type Wrong } from '../parts/form.tsx';

const ordinals = ['First', 'Second', 'Third'];

interface SelfCodeProps {
  readonly value: SelfCode | null;
  readonly set: (value: SelfCode | null) => void;
  readonly wrong: Wrong;
}

export function SelfCodeFields({ value, set, wrong }: SelfCodeProps) {
  const change = (at: number, part: Partial<SelfCode['questions'][number]>) =>
    value && set({ questions: value.questions.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <>
      <div className="choice-option">
        <input
          type="checkbox"
          id="self-code"
          aria-describedby="self-code-hint"
          checked={value !== null}
          onChange={({ target }) => set(target.checked ? { questions: defaultQuestions } : null)}
        />
        <label htmlFor="self-code">Ask for a self-generated code</label>
        <p className="field-hint" id="self-code-hint">
          Three answers that never change link the waves without saying who somebody is. They are optional, and stored
          as keyed digests only. Ask the same three questions in every wave; they cannot be changed later.
        </p>
      </div>
      {value?.questions.map(({ text, hint }, at) => (
        <fieldset className="choice" key={ordinals[at]}>
          <legend>{ordinals[at]} question of the code</legend>
          <Field
            label="Question"
            name={`selfCode.questions.${at}.text`}
            maxLength={300}
            value={text}
            onChange={({ target }) => change(at, { text: target.value })}
            error={wrong[`selfCode.questions.${at}.text`] ?? null}
          />
          <Field
            label="Hint"
            name={`selfCode.questions.${at}.hint`}
            maxLength={300}
            value={hint}
            onChange={({ target }) => change(at, { hint: target.value })}
            error={wrong[`selfCode.questions.${at}.hint`] ?? null}
          />
        </fieldset>
      ))}
    </>
  );
}

/** Messages by field. */
export function whatCodeLacks(value: SelfCode | null): Wrong {
  return Object.fromEntries(
    (value?.questions ?? []).flatMap(({ text }, at) =>
      text.trim() === '' ? [[`selfCode.questions.${at}.text`, 'Give the question.']] : [],
    ),
  );
}
