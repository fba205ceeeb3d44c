/** A draft of a fidelity model and the way to change a part of it; used by everything on the page of a model. */
import type { FidelityModel } from '../../../../instruments/fidelity-model.ts';
import type { Wave } from '../../../../instruments/study.ts';
import { saveFidelityModel, type WholeModel } from '../../../shared/fidelity-api.ts';
import { announce } from '../../parts/announce.tsx';
import { useFidelityStudy, useRefreshFidelity } from '../fidelity.tsx';

export interface ModelDraft {
  readonly whole: WholeModel;
  readonly waves: readonly Wave[];
  /** The time zone of the study. */
  readonly timeZone: string;
  /** Whether it is a draft that the reader may change. */
  readonly editable: boolean;
  /** Puts parts in the place of those that stand there; rejects with what the server refuses. */
  readonly save: (parts: Partial<Record<keyof FidelityModel, unknown>>, done: string) => Promise<void>;
}

export function useDraft(whole: WholeModel, editable: boolean): ModelDraft {
  const { study } = useFidelityStudy();
  const refresh = useRefreshFidelity(study.id);
  return {
    whole,
    waves: study.waves,
    timeZone: study.timeZone,
    editable,
    save: async (parts, done) => {
      const { model, version, revision } = whole;
      await saveFidelityModel(study.id, version, { revision, model: { ...model, ...parts } });
      announce(done);
      await refresh();
    },
  };
}
