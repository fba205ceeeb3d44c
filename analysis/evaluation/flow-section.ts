/**
 * From allocation to answers: clusters, schools and people by arm, and what came of them wave by wave, after the CONSORT
 * statement's flow of participants (Campbell, Piaggio, Elbourne and Altman 2012, BMJ 345, e5661). Called by the evaluation report.
 */
import { type ShownCount, suppressSmallCells } from '../disclosure.ts';
import { responseRate } from '../proportions.ts';
import { countCell, estimateCells, estimateColumns, printedCount, suppressionNotes } from '../report/cells.ts';
import { type Group, groupsOf, shownCounts } from '../report/groups.ts';
import type { CellValue, Flow, FlowBox, Section, Table } from '../result.ts';
import {
  type AdministrationCount,
  type ArmRoster,
  armTitle,
  type StudyReportInput,
  toldAdministrations,
  waveTitle,
} from './input.ts';
import { figureFor } from './outcome-sections.ts';

/** What came of one administration in one arm. */
interface ArmLine {
  readonly administration: AdministrationCount;
  readonly arm: string;
  readonly schools: number;
  readonly answered: number;
  readonly invited: ShownCount;
  readonly responded: ShownCount;
  readonly rate: Group;
}

/** Response by administration and arm, as far as it may be shown. */
function linesOf(input: StudyReportInput): ArmLine[] {
  return toldAdministrations(input).flatMap((administration) => {
    const all = groupsOf({ ...input, rates: administration.rates, rows: [] });
    const invited = shownCounts(all, (group) => group.invited, input);
    const responded = shownCounts(all, (group) => group.responded, input);
    return all.parts
      .filter((group) => group.invited > 0 || group.responded > 0)
      .map((group): ArmLine => {
        const inArm = administration.rates.filter(({ arm, school }) => arm === group.id && school !== null);
        const schools = (rates: typeof inArm) => new Set(rates.map(({ school }) => school)).size;
        return {
          administration,
          arm: group.id,
          schools: schools(inArm.filter(({ invited: asked }) => asked > 0)),
          answered: schools(inArm.filter(({ responded: answers }) => answers > 0)),
          invited: invited.get(group) ?? null,
          responded: responded.get(group) ?? null,
          rate: group,
        };
      });
  });
}

/** Response by administration and arm. */
export function responseOverview(input: StudyReportInput): Section {
  const lines = linesOf(input);
  const shown = lines.map(({ invited, responded }) => (invited === null ? null : responded));
  const table: Table = {
    id: 'response-by-arm',
    title: 'Response by administration and arm',
    columns: [
      { id: 'wave', title: 'Wave', kind: 'text' },
      { id: 'administration', title: 'Administration', kind: 'text' },
      { id: 'arm', title: 'Arm', kind: 'text' },
      { id: 'schools', title: 'Schools asked', kind: 'integer' },
      { id: 'answered', title: 'Schools that answered', kind: 'integer' },
      { id: 'invited', title: 'Asked', kind: 'integer' },
      { id: 'responded', title: 'Answered', kind: 'integer' },
      ...estimateColumns('rate', 'Rate', 'percent'),
    ],
    rows: lines.map((line, at): CellValue[] => [
      waveTitle(input.study, line.administration.wave),
      line.administration.title,
      armTitle(input.study, line.arm),
      line.schools,
      line.answered,
      countCell(line.invited),
      countCell(line.responded),
      ...estimateCells(shown[at], responseRate(line.rate.responded, line.rate.invited)),
    ]),
    notes: suppressionNotes(shown, input.study.minimumCell),
  };
  return {
    id: 'response',
    title: 'Response',
    text:
      lines.length === 0
        ? 'Nobody has been asked yet.'
        : 'Who was asked and who answered, complete responses only, with Wilson’s 95% intervals. Schools are counted where people of theirs were asked.',
    charts: [],
    tables: lines.length === 0 ? [] : [table],
  };
}

/** The flow of clusters, schools and people, as a diagram and as the table behind it. */
export function flowSection(input: StudyReportInput): Section {
  const { study, roster, suppress } = input;
  const lines = linesOf(input);
  const limit = suppress ? study.minimumCell : 0;
  const people = suppressSmallCells(
    roster.map((arm) => arm.people),
    limit,
  );
  const left = suppressSmallCells(
    roster.map((arm) => arm.peopleLeft),
    limit,
  );
  const tableId = 'flow-counts';
  const total = (of: (arm: ArmRoster) => number) => roster.reduce((sum, arm) => sum + of(arm), 0);
  const top: FlowBox = {
    title: 'On the roster',
    lines: [
      { label: 'Clusters', value: total((arm) => arm.clusters) },
      { label: 'Schools', value: total((arm) => arm.schools) },
      { label: 'People', value: countCell(people.total) },
    ],
  };
  const columns = roster.map((arm, at) => ({
    id: arm.arm,
    title: armTitle(study, arm.arm),
    boxes: [
      {
        title: 'Allocated',
        lines: [
          { label: 'Clusters', value: arm.clusters },
          { label: 'Schools', value: arm.schools },
          { label: 'People', value: countCell(people.cells[at]) },
        ],
      },
      {
        title: 'Left since',
        lines: [
          { label: 'Clusters', value: arm.clustersLeft },
          { label: 'Schools', value: arm.schoolsLeft },
          { label: 'People', value: countCell(left.cells[at]) },
        ],
      },
      ...study.waves.flatMap((wave): FlowBox[] => {
        const inWave = lines.filter(({ administration, arm: id }) => administration.wave === wave.id && id === arm.arm);
        if (inWave.length === 0) return [];
        return [
          {
            title: wave.title,
            lines: inWave.map(({ administration, responded, invited, answered, schools }) => ({
              label: administration.title,
              value: `${said(responded)} of ${said(invited)} people, ${printedCount(answered)} of ${printedCount(schools)} schools`,
            })),
          },
        ];
      }),
      analysed(input, arm.arm),
    ],
  }));
  const flow: Flow = {
    id: 'flow',
    title: 'Flow of clusters, schools and people',
    summary: `From ${printedCount(total((arm) => arm.schools))} schools on the roster to the answers that were analysed, by arm and wave.`,
    top,
    columns,
    table: tableId,
  };
  const table: Table = {
    id: tableId,
    title: 'Flow of clusters, schools and people: all counts',
    columns: [
      { id: 'arm', title: 'Arm', kind: 'text' },
      { id: 'stage', title: 'Stage', kind: 'text' },
      { id: 'what', title: 'What', kind: 'text' },
      { id: 'count', title: 'Count', kind: 'text' },
    ],
    rows: [
      ...top.lines.map(({ label, value }): CellValue[] => ['All', top.title, label, cell(value)]),
      ...columns.flatMap(({ title, boxes }) =>
        boxes.flatMap((box) =>
          box.lines.map(({ label, value }): CellValue[] => [title, box.title, label, cell(value)]),
        ),
      ),
    ],
    notes: suppressionNotes([...people.cells, ...left.cells, people.total], study.minimumCell),
  };
  return {
    id: 'flow-of-participants',
    title: 'Flow of participants',
    text: 'Drawn from the roster and the answers. Whoever left is counted once, at the end of the last spell that the roster tells; whoever was asked in several administrations is counted in each.',
    charts: [],
    tables: [table],
    flows: roster.length === 0 ? [] : [flow],
  };
}

/** The people in the models of outcomes, scale by scale; of a suppressed report as far as their groups may be told. */
function analysed({ scales, study, suppress }: StudyReportInput, arm: string): FlowBox {
  const lines = scales.flatMap((scale) =>
    scale.waves.slice(-1).flatMap(({ wave, groups }) => {
      const group = groups.find(({ level, id }) => level === 'arm' && id === arm);
      const n = group ? figureFor(group, suppress).n : 0;
      if (!group || n === 0) return [];
      return [
        {
          label: `${scale.title}, ${waveTitle(study, wave)}`,
          value: `${said(n)} people, ${printedCount(group.schools)} schools`,
        },
      ];
    }),
  );
  return { title: 'Analysed, last wave', lines };
}

function said(count: ShownCount): string {
  return count === null ? 'too few to show' : printedCount(count);
}

function cell(value: CellValue): CellValue {
  return typeof value === 'number' ? printedCount(value) : value;
}
