/**
 * The evaluation report of a study as one value: response, flow, measures, outcomes, schools, whatever other parts of the
 * study add, amendments. Screen, PDF, document and workbook are drawn from it. Called by the server.
 */
import type { Note, Report, Section } from '../result.ts';
import { flowSection, responseOverview } from './flow-section.ts';
import type { StudyReportInput } from './input.ts';
import { measuresSection } from './measures-section.ts';
import { outcomeSections } from './outcome-sections.ts';
import { schoolMeansSection } from './school-means.ts';

/**
 * The whole report. An empty study gives the sections that it has and a note `no-responses`.
 *
 * @example
 * evaluationReport({ study: { title: 'S', arms: [], waves: [], simulated: false, minimumCell: 5 }, gate: { icc1: 0, icc2: 0, rwgJ: 0, minimumGroup: 1 }, clusters: [], schools: [], scales: [], administrations: [], roster: [], amendments: [], day: '2026-01-31', suppress: false, further: [] }).notes.map(({ code }) => code) // => ['no-responses']
 */
export function evaluationReport(input: StudyReportInput): Report {
  const { study, further, day } = input;
  const schools = schoolMeansSection(input);
  return {
    title: 'Evaluation report',
    subtitle: `${study.title}, as at ${day}`,
    simulated: study.simulated,
    sections: [
      flowSection(input),
      responseOverview(input),
      measuresSection(input),
      ...outcomeSections(input),
      ...(schools.tables.length > 0 ? [schools] : []),
      ...further,
      amendmentsSection(input),
    ],
    notes: studyNotes(input),
  };
}

/** What a reader of any report of a study must know. */
export function studyNotes({ study, administrations, suppress, pilots = 0 }: StudyReportInput): Note[] {
  const answers = administrations.some(({ rates }) => rates.some(({ responded }) => responded > 0));
  return [
    ...(study.simulated ? [{ code: 'simulated', text: 'Simulated data: no real person gave these answers.' }] : []),
    ...(answers ? [] : [{ code: 'no-responses', text: 'There are no responses yet, so there are no results.' }]),
    ...(pilots > 0
      ? [
          {
            code: 'pilots-left-out',
            text: `Answers to ${pilots === 1 ? 'one pilot' : `${pilots} pilots`} are left out.`,
          },
        ]
      : []),
    ...(suppress
      ? [
          {
            code: 'suppression',
            text: `Cells that stand for fewer than ${study.minimumCell} people are not shown, nor others from which they could be worked out; means are rounded to two digits.`,
          },
        ]
      : []),
  ];
}

function amendmentsSection({ amendments }: StudyReportInput): Section {
  return {
    id: 'amendments',
    title: 'Amendments',
    text:
      amendments.length === 0
        ? 'Nothing that was planned has been changed since the start.'
        : 'What was changed of the plan after the start, and why.',
    charts: [],
    tables:
      amendments.length === 0
        ? []
        : [
            {
              id: 'amendments',
              title: 'Amendments',
              columns: [{ id: 'amendment', title: 'Amendment', kind: 'text' }],
              rows: amendments.map((text) => [text]),
              notes: [],
            },
          ],
  };
}
