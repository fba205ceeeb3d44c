/** What the overview of a study asks of the server; as `api.ts`, which holds the rest. */
import { request } from './http.ts';

export interface FieldRow {
  readonly id: string;
  readonly title: string;
  readonly wave: string;
  readonly closes: string;
  readonly paused: boolean;
  readonly day: number;
  readonly days: number;
  readonly pace: number;
  /** Null where they must not be shown to this reader. */
  readonly eligible: number | null;
  readonly responded: number | null;
  readonly rate: number | null;
  readonly weekAgo: number | null;
}

export interface SlowPlace {
  readonly id: string;
  readonly title: string;
  readonly administration: string;
  readonly eligible: number;
  readonly responded: number;
  readonly rate: number;
}

export interface LowPlace {
  readonly id: string;
  readonly name: string;
  readonly index: number;
  readonly late: number;
}

type ChangeKind = 'answers' | 'logs' | 'events' | 'late' | 'model' | 'amendments' | 'bounced' | 'releases';

export interface Change {
  readonly kind: ChangeKind;
  readonly n: number | null;
  readonly told: readonly string[];
}

type ActionKind =
  | 'add-roster'
  | 'plan-first'
  | 'close-soon'
  | 'call'
  | 'log-late'
  | 'resolve'
  | 'open-soon'
  | 'wave-unplanned'
  | 'begin-model'
  | 'publish-model'
  | 'lock-model'
  | 'publish-draft';

export interface Action {
  readonly kind: ActionKind;
  readonly n: number | null;
  readonly about: { readonly id: string; readonly title: string } | null;
  readonly day: string | null;
}

export interface Overview {
  readonly today: string;
  readonly since: string;
  readonly response: {
    readonly administrations: readonly FieldRow[];
    readonly clusters: readonly SlowPlace[];
    readonly schools: readonly SlowPlace[];
    readonly withheld: boolean;
  } | null;
  readonly fidelity: {
    readonly model: { readonly version: number; readonly state: string };
    readonly clusters: readonly LowPlace[];
    readonly schools: readonly LowPlace[];
    readonly late: number;
    readonly withheld: boolean;
  } | null;
  readonly changes: readonly Change[];
  readonly actions: readonly Action[];
}

export const getOverview = (study: string) => request<Overview>(`/api/studies/${encodeURIComponent(study)}/overview`);
