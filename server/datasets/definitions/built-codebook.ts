/** The codebook, the rule table and the description of a built dataset, as tables of cells. Called by `files.ts`. */
import { missingCodes, missingReasons } from '../../../instruments/missing.ts';
import type { CellTable } from '../codebook-table.ts';
import type { FileTable } from '../file-table.ts';
import type { BuiltDataset } from './build.ts';

const missing = missingReasons.map((reason) => `${reason} ${missingCodes[reason]}`).join('; ');

/** One line for every column of every table. */
export function builtCodebook(tables: readonly FileTable[]): CellTable {
  return {
    header: ['table', 'variable', 'label', 'type', 'measurement', 'values', 'missing_codes', 'rows'],
    rows: tables.flatMap((table) =>
      table.variables
        .filter(({ gapOf }) => gapOf === undefined)
        .map(({ name, label, kind, measurement, values, gaps }) => [
          table.name,
          name,
          label,
          kind,
          measurement,
          values.map(({ code, label: word }) => `${code} = ${word}`).join('; ') || null,
          gaps || table.variables.some(({ gapOf }) => gapOf === name) ? missing : null,
          table.rows,
        ]),
    ),
  };
}

/** Which rule brought each variable of each instrument version into its column. */
export function ruleTable({ rules }: Pick<BuiltDataset, 'rules'>): CellTable {
  return {
    header: ['column', 'instrument', 'version', 'variable', 'rule', 'detail', 'source'],
    rows: rules.map(({ column, instrument, version, variable, rule, detail, source }) => [
      column,
      instrument,
      version,
      variable,
      rule,
      detail,
      source,
    ]),
  };
}

/** The administrations in it. */
export function administrationTable({ datasets }: Pick<BuiltDataset, 'datasets'>): CellTable {
  return {
    header: ['administration', 'title', 'wave', 'mode', 'opens', 'closes', 'instrument', 'version', 'sha256'],
    rows: datasets.map(({ administration, hash }) => [
      administration.id,
      administration.title,
      administration.wave,
      administration.mode,
      administration.opens,
      administration.closes,
      administration.instrument,
      administration.version,
      hash,
    ]),
  };
}

/** Flagged schools and clusters: `sharing` is how many of them look the same; null where the dataset has no schools. */
export function rareTable({ anonymity }: Pick<BuiltDataset, 'anonymity'>): CellTable | null {
  if (!anonymity) return null;
  return {
    header: ['of', 'arm', 'phase', 'pupils', 'disadvantaged', 'schools_in_cluster', 'sharing'],
    rows: [
      ...anonymity.rare.map(({ arm, phase, pupils, disadvantaged, schools }) => [
        ...['school', arm, phase, pupils, disadvantaged, null],
        schools,
      ]),
      ...anonymity.rareClusters.map(({ arm, schools, clusters }) => [
        ...['cluster', arm, null, null, null],
        ...[schools, clusters],
      ]),
    ],
  };
}

/** What `about.json` holds: no time of making, so that the same definition gives the same bytes. */
export function aboutBuilt({ study, definition, counts, notes, datasets, anonymity, sha256 }: BuiltDataset): object {
  return {
    study: study.id,
    study_title: study.title,
    simulated: study.simulated,
    definition,
    counts,
    notes,
    amendments: datasets.flatMap(({ amendments }) => amendments),
    k_anonymity: anonymity,
    sha256,
  };
}
