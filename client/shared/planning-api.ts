/** What the workbench asks of the server to plan fieldwork: administrations, waves, information sheets, amendments. */
import type { Administration, Audience, InformationText, Role, SelfCode, Wave } from '../../instruments/study.ts';
import { type AdministrationDetail, administrationUrl, studyUrl } from './api.ts';
import { request } from './http.ts';

const part = encodeURIComponent;

/** What somebody plans for an administration. */
export interface AdministrationPlan {
  readonly id: string;
  readonly title: string;
  readonly instrument: string;
  readonly version: number;
  readonly wave: string;
  readonly audience: Audience;
  readonly mode: Administration['mode'];
  readonly opens: string;
  readonly closes: string;
  readonly languages: readonly string[];
  readonly information: { readonly sheet: string; readonly version: number };
  /** Only for a new one. */
  readonly selfCode?: SelfCode | null;
  readonly pilot?: boolean;
  readonly repeats?: boolean;
}

export type AdministrationChange = Partial<Omit<AdministrationPlan, 'id' | 'selfCode' | 'pilot' | 'repeats'>> & {
  readonly reason?: string;
  readonly revision?: number;
};

/** An audience in numbers, and what changing an administration to it does to its links. */
export interface AudienceEffect {
  readonly people: number;
  readonly byRole: Readonly<Partial<Record<Role, number>>>;
  readonly newLinks: number;
  readonly withdrawn: number;
  readonly answered: number;
  /** People with a link and no answer who are not on the roster any more. */
  readonly left: number;
  /** What anonymous answers do not tell, in people. */
  readonly withheld: Readonly<Record<'role' | 'school' | 'cluster' | 'tooFew', number>>;
}

/** What was changed after the start. */
export interface Amendment {
  readonly number: number;
  readonly at: string;
  readonly day: string;
  readonly by: string;
  readonly why: string;
  readonly thing: {
    readonly kind: 'administration' | 'wave' | 'fidelity-model';
    readonly id: string;
    readonly title: string;
  };
  readonly changes: readonly { readonly what: string; readonly old: string; readonly new: string }[];
}

export type Texts = Readonly<Record<string, InformationText>>;

export interface SheetVersion {
  readonly sheet: string;
  readonly title: string;
  readonly version: number;
  readonly state: 'draft' | 'frozen';
  readonly texts: Texts;
  /** Ids of the administrations that show it. */
  readonly usedBy: readonly string[];
}

export interface InformationSheets {
  readonly versions: readonly SheetVersion[];
  /** Texts that came with the study file. */
  readonly embedded: readonly { readonly administration: string; readonly title: string; readonly texts: Texts }[];
}

export const planAdministration = (study: string, body: AdministrationPlan) =>
  request<AdministrationDetail>(`${studyUrl(study)}/administrations`, { method: 'POST', body });

/** Simulated people for a pilot. */
export interface PilotSimulation {
  readonly people: number;
  readonly seed: string;
  readonly loading: number;
  readonly factorCorrelation: number;
  readonly icc: number;
  readonly missing: number;
}

export const simulatePilot = (study: string, administration: string, body: PilotSimulation) =>
  request<{ created: number; unchanged: number }>(`${administrationUrl(study, administration)}/simulation`, {
    method: 'POST',
    body,
  });

export const changeAdministration = (study: string, administration: string, body: AdministrationChange) =>
  request<AdministrationDetail>(administrationUrl(study, administration), { method: 'PUT', body });

export const deleteAdministration = (study: string, administration: string) =>
  request<void>(administrationUrl(study, administration), { method: 'DELETE' });

export const getAudience = (study: string, { arms, roles }: Audience, administration: string | null, opens: string) =>
  request<AudienceEffect>(
    `${studyUrl(study)}/audience?arms=${arms.map(part).join(',')}&roles=${roles.join(',')}` +
      (administration === null ? '' : `&administration=${part(administration)}`) +
      (opens === '' ? '' : `&opens=${part(opens)}`),
  );

export const addWave = (study: string, body: Wave) =>
  request<unknown>(`${studyUrl(study)}/waves`, { method: 'POST', body });

export const changeWave = (study: string, { id, ...body }: Wave & { readonly reason?: string }) =>
  request<unknown>(`${studyUrl(study)}/waves/${part(id)}`, { method: 'PUT', body });

export const saveLanguages = (study: string, languages: readonly string[]) =>
  request<unknown>(`${studyUrl(study)}/languages`, { method: 'PUT', body: { languages } });

export const listAmendments = (study: string) =>
  request<{ amendments: readonly Amendment[] }>(`${studyUrl(study)}/amendments`);

export const amendmentsFileUrl = (study: string) => `${studyUrl(study)}/amendments.csv`;

export const listSheets = (study: string) => request<InformationSheets>(`${studyUrl(study)}/information`);

export const draftSheet = (study: string, body: { sheet: string; title: string; texts: Texts }) =>
  request<SheetVersion>(`${studyUrl(study)}/information`, { method: 'POST', body });

const sheetUrl = (study: string, { sheet, version }: Pick<SheetVersion, 'sheet' | 'version'>) =>
  `${studyUrl(study)}/information/${part(sheet)}/versions/${version}`;

export const saveDraftSheet = (
  study: string,
  version: Pick<SheetVersion, 'sheet' | 'version'>,
  body: { title: string; texts: Texts },
) => request<SheetVersion>(sheetUrl(study, version), { method: 'PUT', body });

export const deleteDraftSheet = (study: string, version: Pick<SheetVersion, 'sheet' | 'version'>) =>
  request<void>(sheetUrl(study, version), { method: 'DELETE' });

/** Address of a version as a respondent sees it. */
export const sheetPageUrl = (study: string, version: Pick<SheetVersion, 'sheet' | 'version'>, language: string) =>
  `${sheetUrl(study, version)}/page?language=${part(language)}`;
