/** A simulated response as it is stored, marked by its source. Used by the demonstration study and `fidelis simulate`. */

import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { SimulatedResponse } from '../../instruments/simulate.ts';
import type { Administration } from '../../instruments/study.ts';
import type { Invitation } from '../invitations/store.ts';
import { storedAnswers } from './anonymous-places.ts';
import type { CoarsePlace } from './coarse-places.ts';
import { hashAnswers } from './hash-answers.ts';
import type { StoredResponse } from './store.ts';
import { fieldsOf, responseId } from './submit.ts';

export function storedSimulation(
  administration: Administration,
  compiled: CompiledInstrument,
  invitation: Invitation,
  simulated: SimulatedResponse,
  /** `key` makes the id; `alone`: the respondent stands for no invitation of the study; `place`: what is told of it. */
  made: {
    readonly key: string;
    readonly receivedAt: Date;
    readonly alone?: boolean;
    readonly place?: CoarsePlace | undefined;
  },
): StoredResponse {
  const anonymous = administration.mode === 'anonymous';
  const place = made.place ?? invitation;
  const answers = storedAnswers(administration, compiled, simulated.answers, place);
  return {
    _id: responseId(administration, made.key),
    ...fieldsOf({ administration, invitation, compiled, place }),
    ...(made.alone ? { invitation: null } : {}),
    answers,
    answersHash: hashAnswers(answers),
    completion: simulated.completion,
    lastPage: simulated.lastPage,
    consent: { information: administration.information.version, agreedAt: anonymous ? null : made.receivedAt },
    receivedAt: made.receivedAt,
    source: 'simulated',
  };
}
