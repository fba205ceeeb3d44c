/** What the fidelity pages ask of the server; as `api.ts`, which holds the rest. */
import type { AdaptationRow, UsualRow } from '../../analysis/process/adaptations.ts';
import type { DoseRow, LateEvent } from '../../analysis/process/dose.ts';
import type { PlaceFidelity } from '../../analysis/process/picture.ts';
import type { Decision, Flag } from '../../analysis/process/quality.ts';
import type { Sensitivity } from '../../analysis/process/sensitivity.ts';
import type { SourceComparison } from '../../analysis/process/sources.ts';
import type { Section } from '../../analysis/result.ts';
import type { ModelDifference } from '../../instruments/fidelity/diff.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Issue } from '../../instruments/instrument.ts';
import { queryOf, request } from './http.ts';

const part = encodeURIComponent;
const base = (study: string) => `/api/studies/${part(study)}/fidelity`;

export type ModelState = 'draft' | 'published' | 'locked';

export interface ResolvedFlag extends Flag {
  /** Oldest first; times in ISO form. */
  readonly resolutions: readonly {
    readonly decision: Decision;
    readonly why: string;
    readonly by: string;
    readonly at: string;
  }[];
}

export interface Fidelity {
  readonly model: { readonly title: string; readonly version: number; readonly state: ModelState };
  readonly compliance: FidelityModel['compliance'];
  readonly components: readonly Pick<
    FidelityModel['components'][number],
    'id' | 'title' | 'dimension' | 'core' | 'level' | 'weight' | 'cycles' | 'cutoffs'
  >[];
  readonly cycles: readonly {
    readonly id: string;
    readonly title: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly today: string;
  readonly clusters: readonly PlaceFidelity[];
  readonly schools: readonly PlaceFidelity[];
  readonly dose: readonly DoseRow[];
  readonly late: readonly LateEvent[];
  readonly flags: readonly ResolvedFlag[];
  readonly withheld: boolean;
}

export interface FidelityEvent {
  readonly id: string;
  readonly component: string;
  readonly cycle: string;
  readonly day: string;
  readonly dated: boolean;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly counts: boolean;
  readonly told: readonly { readonly what: string; readonly said: string | null }[];
  readonly flags: readonly Flag[];
  /** Files that came with it; none for those who may not see rows. */
  readonly evidence: readonly { readonly _id: string; readonly name: string; readonly bytes: number }[];
}

export interface FidelityAnalysis {
  readonly names: {
    readonly schools: Readonly<Record<string, string>>;
    readonly clusters: Readonly<Record<string, string>>;
    /** Adaptations and items on usual practice, in the words of their instruments. */
    readonly variables: Readonly<Record<string, string>>;
  };
  readonly sensitivity: Sensitivity;
  readonly comparisons: readonly SourceComparison[];
  readonly adaptations: readonly AdaptationRow[];
  readonly usualPractice: readonly UsualRow[];
}

export interface ModelVersion {
  readonly version: number;
  readonly state: ModelState;
  readonly revision: number;
  readonly title: string;
  readonly hash: string;
  readonly history: readonly {
    readonly state: ModelState;
    readonly at: string;
    readonly by: string;
    readonly why: string;
  }[];
}

export interface WholeModel extends ModelVersion {
  readonly model: FidelityModel;
  readonly issues: readonly Issue[];
}

/** Null where the study has no published model. */
export const getFidelity = async (study: string): Promise<Fidelity | null> =>
  (await request<{ fidelity: Fidelity | null }>(base(study))).fidelity;

export const listFidelityEvents = (
  study: string,
  asked: { component?: string; cycle?: string; cluster?: string; school?: string },
) => request<{ events: FidelityEvent[]; more: number }>(`${base(study)}/events${queryOf(asked)}`);

/** Where a file of evidence is taken away. */
export const evidencePath = (study: string, id: string): string => `/api/studies/${part(study)}/evidence/${part(id)}`;

export const getFidelityAnalysis = async (study: string): Promise<FidelityAnalysis | null> =>
  (await request<{ analysis: FidelityAnalysis | null }>(`${base(study)}/analysis`)).analysis;

/** The same of scales: one section each; null where the study has no published model. */
export const getFidelityRelations = async (
  study: string,
  asked: { from?: string | undefined; to?: string | undefined },
  signal: AbortSignal,
) =>
  (
    await request<{ relations: { sections: readonly Section[] } | null }>(`${base(study)}/relations${queryOf(asked)}`, {
      signal,
    })
  ).relations;

export const resolveFinding = (
  study: string,
  body: { key: string; flag: string; decision: Decision; why: string; seen: number },
) => request<void>(`${base(study)}/resolutions`, { method: 'POST', body });

export const listFidelityModels = async (study: string): Promise<ModelVersion[]> =>
  (await request<{ models: ModelVersion[] }>(`${base(study)}/models`)).models;

export const getFidelityModel = (study: string, version: number) =>
  request<WholeModel>(`${base(study)}/models/${version}`);

export const getModelDifferences = (study: string, version: number) =>
  request<{ from: number | null; differences: ModelDifference[] }>(`${base(study)}/models/${version}/differences`);

/** Without a model: of the newest version, or of the one that ships. */
export const beginFidelityModel = (study: string, model: unknown = null) =>
  request<{ version: number }>(`${base(study)}/models`, { method: 'POST', body: { model } });

export const saveFidelityModel = (study: string, version: number, body: { revision: number; model: unknown }) =>
  request<{ revision: number }>(`${base(study)}/models/${version}`, { method: 'PUT', body });

export const discardFidelityModel = (study: string, version: number, revision: number) =>
  request<void>(`${base(study)}/models/${version}${queryOf({ revision })}`, { method: 'DELETE' });

export const stepFidelityModel = (
  study: string,
  version: number,
  body: { revision: number; state: 'published' | 'locked'; why: string },
) => request<ModelVersion>(`${base(study)}/models/${version}/state`, { method: 'PUT', body });
