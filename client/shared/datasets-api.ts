/** What the pages of datasets and releases ask of the server; as `api.ts`, which holds the rest. */
import { request } from './http.ts';

const part = encodeURIComponent;
const datasetsUrl = (study: string) => `/api/studies/${part(study)}/datasets`;
const releasesUrl = (study: string) => `/api/studies/${part(study)}/releases`;

export type DatasetLevel = 'identified' | 'pseudonymous' | 'controlled';
export type DatasetTable = 'clusters' | 'schools' | 'people' | 'panels' | 'events';

/** Which variable of a version stands for one of another version, and what its codes become. */
export interface VariableMap {
  readonly instrument: string;
  readonly version: number;
  readonly variable: string;
  readonly to: string;
  readonly codes: Readonly<Record<string, number>>;
}

export interface DatasetDefinition {
  readonly name: string;
  readonly title: string;
  readonly purpose: string;
  readonly administrations: readonly string[];
  readonly rows: 'long' | 'wide';
  /** `answered`, `allocated` or an ISO date. */
  readonly places: string;
  readonly variables: 'all' | readonly string[];
  readonly scores: boolean;
  readonly texts: boolean;
  readonly paradata: boolean;
  readonly flags: boolean;
  readonly partial: boolean;
  readonly tables: readonly DatasetTable[];
  readonly level: DatasetLevel;
  readonly map: readonly VariableMap[];
  readonly k: number;
  /** True: as at the last day of the programme; else an ISO date, or none. */
  readonly compliance?: boolean | string;
}

export interface StoredDataset {
  readonly name: string;
  readonly definition: DatasetDefinition;
  readonly at: string;
}

export interface DatasetPreview {
  readonly sha256: string;
  readonly counts: { readonly responses: number; readonly partial: number; readonly withdrawn: number };
  readonly notes: readonly string[];
  readonly rules: readonly {
    readonly column: string;
    readonly instrument: string;
    readonly version: number;
    readonly variable: string | null;
    readonly rule: string;
    readonly detail: string | null;
    readonly source: string;
  }[];
  readonly anonymity: {
    readonly k: number;
    readonly rare: readonly {
      readonly arm: string;
      readonly phase: string;
      readonly pupils: string | null;
      readonly disadvantaged: string | null;
      readonly schools: number;
    }[];
    readonly rareClusters: readonly { readonly arm: string; readonly schools: number; readonly clusters: number }[];
  } | null;
  readonly tables: readonly {
    readonly name: string;
    readonly title: string;
    readonly rows: number;
    readonly variables: number;
    readonly missing: number;
  }[];
  readonly header: readonly string[];
  readonly first: readonly (readonly (string | number | null)[])[];
}

export interface Release {
  readonly number: number;
  readonly purpose: string;
  readonly definition: DatasetDefinition;
  readonly sha256: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly responses: number;
  readonly at: string;
}

export interface ReleaseVerdict {
  readonly verdict: 'unchanged' | 'changed' | 'cannot-recompute';
  readonly damagedFiles: readonly string[];
  readonly tables: readonly {
    readonly table: string;
    readonly added: number;
    readonly gone: number;
    readonly changed: number;
    readonly columnsAdded: readonly string[];
    readonly columnsGone: readonly string[];
  }[];
  readonly notes: readonly string[];
}

export interface DatasetExport {
  readonly id: string;
  readonly dataset: string;
  readonly title: string;
  readonly format: (typeof datasetFormats)[number];
  readonly state: 'waiting' | 'running' | 'ready' | 'failed' | 'cancelled' | 'expired';
  readonly at: string;
  readonly progress: {
    readonly step: 'reading' | 'laying-out' | 'writing';
    readonly done: number;
    readonly total: number | null;
  } | null;
  readonly file: { readonly name: string; readonly bytes: number } | null;
  readonly problem: { readonly detail: string } | null;
  /** When the file is removed. */
  readonly until: string | null;
  /** A release that is frozen, and its number when it is there. */
  readonly freezes: { readonly purpose: string; readonly number: number | null } | null;
}

export const datasetFormats = ['xlsx', 'zip', 'csv', 'sav', 'dta', 'parquet', 'jsonl', 'r', 'ddi'] as const;

export const listDatasets = (study: string) => request<{ datasets: StoredDataset[] }>(datasetsUrl(study));
export const getStoredDataset = (study: string, name: string) =>
  request<StoredDataset>(`${datasetsUrl(study)}/${part(name)}`);
export const createDataset = (study: string, definition: DatasetDefinition) =>
  request<StoredDataset>(datasetsUrl(study), { method: 'POST', body: definition });
export const changeDataset = (study: string, definition: DatasetDefinition) =>
  request<StoredDataset>(`${datasetsUrl(study)}/${part(definition.name)}`, { method: 'PUT', body: definition });
export const deleteDataset = (study: string, name: string) =>
  request<void>(`${datasetsUrl(study)}/${part(name)}`, { method: 'DELETE' });
export const previewDataset = (study: string, definition: DatasetDefinition) =>
  request<DatasetPreview>(`${datasetsUrl(study)}/preview`, { method: 'POST', body: definition });
export const datasetFileUrl = (study: string, name: string, format: (typeof datasetFormats)[number]) =>
  `${datasetsUrl(study)}/${part(name)}.${format}`;

const exportsUrl = (study: string) => `/api/studies/${part(study)}/exports`;
export const listExports = (study: string) => request<{ exports: DatasetExport[] }>(exportsUrl(study));
export const askForExport = (
  study: string,
  body: { dataset: string; format?: string; mail: boolean; release?: { purpose: string } },
) => request<DatasetExport>(exportsUrl(study), { method: 'POST', body });
export const cancelExport = (study: string, id: string) =>
  request<DatasetExport>(`${exportsUrl(study)}/${part(id)}/cancel`, { method: 'POST' });
export const exportFileUrl = (study: string, id: string) => `${exportsUrl(study)}/${part(id)}/file`;

export const listReleases = (study: string) => request<{ releases: Release[] }>(releasesUrl(study));
export const verifyRelease = (study: string, number: number) =>
  request<ReleaseVerdict>(`${releasesUrl(study)}/${number}/verdict`);
export const releaseFileUrl = (study: string, number: number, file: string) =>
  `${releasesUrl(study)}/${number}/files/${part(file)}`;
