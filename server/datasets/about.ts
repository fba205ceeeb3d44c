/** What a file is: study, administration, instrument version with its hash, time, filters, and how to read the cells. */
import { roleQuestions } from '../../instruments/identifying.ts';
import { missingCodes, missingLabels, missingReasons } from '../../instruments/missing.ts';
import type { Dataset } from './dataset.ts';
import type { Spool } from './spool.ts';

/** In order, as the about sheet shows them and `about.json` holds them. */
export function aboutOf(
  dataset: Dataset,
  spool: Pick<Spool, 'rows' | 'complete'>,
): [string, string | number | boolean][] {
  const { study, administration, instrument, hash, amendments, at } = dataset;
  const wave = study.waves.find((candidate) => candidate.id === administration.wave);
  return [
    ['study', study.id],
    ['study_title', study.title],
    ['simulated', study.simulated],
    ...(study.simulated ? ([['simulated_note', simulatedNote]] as [string, string][]) : []),
    ['administration', administration.id],
    ['administration_title', administration.title],
    ...(administration.pilot ? ([['pilot', pilotNote]] as [string, string][]) : []),
    ['mode', administration.mode],
    ['wave', administration.wave],
    ['wave_title', wave?.title ?? administration.wave],
    ['opens', administration.opens],
    ['closes', administration.closes],
    ['time_zone', study.timeZone],
    ...amendments.map((text, index): [string, string] => [`amendment_${index + 1}`, text]),
    ['instrument', instrument.id],
    ['instrument_title', instrument.title],
    ['instrument_version', instrument.version],
    ['instrument_sha256', hash],
    ['permission_holder', instrument.permission.holder],
    ['permission_status', instrument.permission.status],
    ['exported_at', at.toISOString()],
    ['filters', 'none: all responses of the administration, complete and partial, without those that were withdrawn'],
    ...(dataset.asAt === null ? [] : ([['places_as_at', placesNote(dataset.asAt)]] as [string, string][])),
    ...untoldLines(dataset),
    ...dataset.columns.renamed.map((text, index): [string, string] => [`renamed_column_${index + 1}`, text]),
    ['responses', spool.rows],
    ['complete_responses', spool.complete],
    ['partial_responses', spool.rows - spool.complete],
    ['withdrawn_responses', dataset.withdrawn],
    [
      'missing_values',
      missingReasons.map((reason) => `${reason} ${missingCodes[reason]} (${missingLabels[reason]})`).join('; '),
    ],
    ['texts', textNote],
  ];
}

/** Why the cells of a place are empty, where some are. */
function untoldLines({ untold, study, compiled }: Dataset): [string, string | number][] {
  if (untold.role === 0) return [];
  const items = roleQuestions(compiled);
  return [
    ['role_withheld', untold.role],
    ['school_withheld', untold.school],
    ['cluster_withheld', untold.cluster],
    [
      'withheld_note',
      `These responses are anonymous, and fewer than ${study.minimumCell} people share the role, school or cluster: it was ` +
        'not stored, and its cell is empty. In an analysis by school it is a missing value, not a school.',
    ],
    ...(items.length === 0
      ? []
      : ([
          ['role_answers_withheld', untold.role],
          [
            'role_answers_note',
            `Of these responses the answers to ${items.join(', ')}, which tell the role, and to what was asked because of them ` +
              'were not stored either; their cells are gaps. Where the role is told, an answer that names another one was not stored.',
          ],
        ] as [string, string | number][])),
  ];
}

/** What arm, cluster, school and role tell in a dataset that was asked for another day than that of the answers. */
function placesNote(asAt: string): string {
  const day = asAt === 'allocated' ? 'as allocated' : `as at ${asAt}`;
  return `arm, cluster, school and role ${day}; empty for whoever was not in the study then`;
}

export const pilotNote = 'PILOT: a trial of the instrument. These answers do not count among those of the study.';
export const simulatedNote = 'SIMULATED DATA: made by a program for demonstration. No person has given these answers.';

export const textNote =
  'Texts that a spreadsheet would run as a formula (first character = + - @, a tab or a line break, or their full-width ' +
  "forms, also after apostrophes or spaces) have one apostrophe (') before them; take it off to have the text as it was given. " +
  'Numbers are never changed.';
