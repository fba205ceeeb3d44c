/**
 * The report of one administration: response, items, scales and reliability as one value that screen, workbook and
 * document draw alike. Called by the server in a worker thread; pure, so it can run anywhere.
 */
import { type ShareDone, untold } from './progress.ts';
import { groupsOf } from './report/groups.ts';
import type { AdministrationReportInput } from './report/input.ts';
import { itemsSection } from './report/items.ts';
import { reliabilitySection } from './report/reliability.ts';
import { responseSection } from './report/response.ts';
import { scaleSections } from './report/scales.ts';
import type { Note, Report } from './result.ts';

export type { AdministrationReportInput, RateInput, ReportRow } from './report/input.ts';

/**
 * Everything that is to be told about an administration. Every chart names the table with the same figures; charts of
 * schools hold at most fifty rows, in the order of their means, one series of charts per arm, while the tables are
 * complete. Missing answers are left out figure by figure; each table says on how many people it stands.
 *
 * With `suppress`, no cell stands for fewer people than `study.minimumCell`, means are rounded to two digits, and the
 * numbers of people without an answer are left out; charts are drawn from the suppressed figures. The tables of groups
 * are protected across arms, clusters and schools at once.
 *
 * @throws RangeError when a scale names an item that is not in the codebook, or a value is not a finite number
 * @example
 * administrationReport({ study: { title: 'S', arms: [], simulated: false, minimumCell: 5 }, administration: { title: 'A' }, instrument: { title: 'I', version: 1 }, codebook: { variables: [] }, scales: [], clusters: [], schools: [], rates: [], rows: [], suppress: false }).sections.map((section) => section.id) // => ['response', 'items', 'scales', 'reliability']
 */
export function administrationReport(input: AdministrationReportInput, onShare: ShareDone = untold): Report {
  const all = groupsOf(input);
  // A scale takes about as long as all items together; so each counts as one turn.
  const turns = input.scales.length + 3;
  const told = <Part>(turn: number, part: Part): Part => {
    onShare(turn / turns);
    return part;
  };
  const { study, administration, instrument } = input;
  return {
    title: administration.title,
    subtitle: `${study.title} · ${instrument.title}, version ${instrument.version}`,
    simulated: study.simulated,
    sections: [
      told(1, responseSection(input, all)),
      told(2, itemsSection(input)),
      ...scaleSections(input, all, (share) => onShare((2 + share * input.scales.length) / turns)),
      told(turns, reliabilitySection(input)),
    ],
    notes: notesOf(input),
  };
}

function notesOf({ study, rows, suppress, withdrawn = 0 }: AdministrationReportInput): Note[] {
  const notes: Note[] = [];
  if (study.simulated) {
    notes.push({ code: 'simulated', text: 'Simulated data: no real person gave these answers.' });
  }
  if (withdrawn > 0) {
    const few = suppress && withdrawn < study.minimumCell;
    const text = few
      ? 'Some responses were withdrawn, and are left out.'
      : `Withdrawn and left out: ${withdrawn} ${withdrawn === 1 ? 'response' : 'responses'}.`;
    notes.push({ code: 'withdrawn', text });
  }
  if (rows.length === 0) notes.push({ code: 'no-responses', text: 'There are no responses yet.' });
  if (suppress) {
    notes.push({
      code: 'suppression',
      text: `Cells that stand for fewer than ${study.minimumCell} people are not shown, nor others from which they could be worked out; means are rounded to two digits.`,
    });
  }
  return notes;
}
