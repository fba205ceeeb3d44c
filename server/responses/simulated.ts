/** A simulated response as it is stored, marked by its source. Used by the demonstration study and `fidelis simulate`. */

import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { SimulatedResponse } from '../../instruments/simulate.ts';
import type { Administration } from '../../instruments/study.ts';
import type { Invitation } from '../invitations/store.ts';
import type { CoarsePlace } from './coarse-places.ts';
import type { StoredResponse } from './store.ts';
import { fieldsOf, hashAnswers, responseId } from './submit.ts';

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
  return {
    _id: responseId(administration, made.key),
    ...fieldsOf({ administration, invitation, compiled, ...(made.place ? { place: made.place } : {}) }),
    ...(made.alone ? { invitation: null } : {}),
    answers: simulated.answers,
    answersHash: hashAnswers(simulated.answers),
    completion: simulated.completion,
    lastPage: simulated.lastPage,
    consent: { information: administration.information.version, agreedAt: anonymous ? null : made.receivedAt },
    receivedAt: made.receivedAt,
    source: 'simulated',
  };
}
