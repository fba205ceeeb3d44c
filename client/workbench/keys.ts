/** Names under which react-query keeps what the server said; what begins alike is refreshed together. */

export const sessionKey = ['session'] as const;
export const accountsKey = ['accounts'] as const;
export const ownSessionsKey = ['own', 'sessions'] as const;
export const secondFactorKey = ['own', 'second-factor'] as const;
export const tokensKey = ['own', 'tokens'] as const;
export const studiesKey = ['studies'] as const;
export const demoKey = ['demo'] as const;
export const studyKey = (study: string) => ['studies', study] as const;
export const accessKey = (study: string) => ['studies', study, 'access'] as const;
export const membersKey = (study: string) => ['studies', study, 'members'] as const;
export const administrationKey = (study: string, administration: string) =>
  ['studies', study, 'administrations', administration] as const;
export const rightsKey = (study: string) => ['studies', study, 'rights'] as const;
export const datasetsKey = (study: string) => ['studies', study, 'datasets'] as const;
export const reportsKey = (study: string) => ['studies', study, 'reports'] as const;
export const exportsKey = (study: string) => ['studies', study, 'exports'] as const;
export const releasesKey = (study: string) => ['studies', study, 'releases'] as const;
export const codeMatchesKey = (study: string, first: string, second: string) =>
  ['studies', study, 'code-matches', first, second] as const;
export const personRightsKey = (study: string, person: string) =>
  ['studies', study, 'people', person, 'rights'] as const;
export const instrumentsKey = ['instruments'] as const;
export const instrumentKey = (instrument: string, version: number) => ['instruments', instrument, version] as const;
export const codebookKey = (instrument: string, version: number) =>
  [...instrumentKey(instrument, version), 'codebook'] as const;
export const draftsKey = ['instrument-drafts'] as const;
export const draftKey = (draft: string) => ['instrument-drafts', draft] as const;
export const designerKey = ['instrument-designer'] as const;
export const overviewKey = (study: string) => ['studies', study, 'overview'] as const;
export const rosterKey = (study: string) => ['studies', study, 'rosters'] as const;
export const amendmentsKey = (study: string) => ['studies', study, 'amendments'] as const;
export const sheetsKey = (study: string) => ['studies', study, 'information'] as const;
export const audienceKey = (study: string) => ['studies', study, 'audience'] as const;
export const fidelityKey = (study: string) => ['studies', study, 'fidelity'] as const;
export const fidelityEventsKey = (study: string, asked: string) => [...fidelityKey(study), 'events', asked] as const;
export const fidelityAnalysisKey = (study: string) => [...fidelityKey(study), 'analysis'] as const;
export const fidelityRelationsKey = (study: string, asked: string) =>
  [...fidelityKey(study), 'relations', asked] as const;
export const fidelityModelsKey = (study: string) => [...fidelityKey(study), 'models'] as const;
export const fidelityModelKey = (study: string, version: number) => [...fidelityModelsKey(study), version] as const;
