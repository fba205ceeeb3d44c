/** Words of the datasets' pages. */
import type { DatasetLevel, DatasetTable, datasetFormats } from '../../shared/datasets-api.ts';

export const levelTitles: Readonly<Record<DatasetLevel, string>> = {
  identified: 'Identified',
  pseudonymous: 'Pseudonymous',
  controlled: 'Disclosure-controlled',
};

export const levelTexts: Readonly<Record<DatasetLevel, string>> = {
  identified: 'With the names of people and schools. For those who may see who people are.',
  pseudonymous: 'With the pseudonyms of the roster.',
  controlled: 'Codes of its own, no days, no texts; what too few people share is withheld. For archives.',
};

/** Formats by what people call them. */
export const formatTitles: Readonly<Record<(typeof datasetFormats)[number], string>> = {
  xlsx: 'Excel',
  zip: 'Everything (.zip)',
  csv: 'CSV',
  sav: 'SPSS',
  dta: 'Stata',
  parquet: 'Parquet',
  jsonl: 'JSON Lines',
  r: 'R script',
  ddi: 'DDI',
};

export const tableTitles: Readonly<Record<DatasetTable, string>> = {
  panels: 'Entries of panels, linked to responses',
  events: 'Logs and observations, apart from the answers',
  clusters: 'Clusters',
  schools: 'Schools',
  people: 'People',
};
