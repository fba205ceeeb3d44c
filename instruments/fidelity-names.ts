/**
 * Dimensions of fidelity and the levels at which it is told. They stand apart from the schema of a model, so that the workbench
 * offers them without the schema's library, which the content security policy of a page would stop.
 */
export const dimensions = [
  'adherence',
  'exposure',
  'quality',
  'responsiveness',
  'differentiation',
  'reach',
  'adaptation',
] as const;

export const fidelityLevels = ['person', 'school', 'cluster'] as const;
