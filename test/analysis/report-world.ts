/** A small study as plain data, for the tests of the report: two arms, clusters with schools, one scale of three items. */

import type { AdministrationReportInput, RateInput, ReportRow } from '../../analysis/report.ts';
import type { Codebook, Variable } from '../../instruments/codebook.ts';
import type { Scale } from '../../instruments/instrument.ts';
import { scoreItems } from '../../instruments/scoring.ts';

const agreement = ['Strongly disagree', 'Disagree', 'Neither', 'Agree', 'Strongly agree'];

const plain: Variable = {
  name: '',
  label: '',
  type: 'integer',
  measurement: 'nominal',
  values: [],
  range: null,
  maxLength: null,
  required: false,
  page: 0,
  origin: 'asked',
  question: '',
  questionType: 'radiogroup',
  scales: [],
};

function statement(name: string, words: string, reversed: boolean): Variable {
  return {
    ...plain,
    name,
    label: `How far do you agree? ${words}`,
    measurement: 'ordinal',
    values: [
      ...agreement.map((label, i) => ({ code: i + 1, label })),
      { code: 9, label: 'Prefer not to say', missing: 'declined' as const },
    ],
    range: { min: 1, max: 5 },
    question: 'trust_matrix',
    questionType: 'matrix',
    scales: [{ scale: 'trust', reversed }],
  };
}

export const codebook: Codebook = {
  instrument: 'small',
  version: 1,
  tables: [],
  variables: [
    {
      ...plain,
      name: 'role',
      label: 'Your role',
      question: 'role',
      values: [
        { code: 1, label: 'Teacher' },
        { code: 2, label: 'Leader' },
        { code: 3, label: 'Other' },
      ],
    },
    statement('q1', 'We help each other.', false),
    statement('q2', 'We keep our word.', false),
    statement('q3', 'We hide mistakes.', true),
    {
      ...plain,
      name: 'part',
      label: 'Did you take part?',
      question: 'part',
      questionType: 'boolean',
      values: [
        { code: 0, label: 'No' },
        { code: 1, label: 'Yes' },
      ],
    },
    { ...plain, name: 'remark', label: 'Remarks', type: 'text', question: 'remark', questionType: 'comment' },
  ],
};

export const trust: Scale = {
  id: 'trust',
  title: 'Trust',
  construct: 'Trust among colleagues.',
  items: [
    { name: 'q1', reversed: false },
    { name: 'q2', reversed: false },
    { name: 'q3', reversed: true },
  ],
  range: { min: 1, max: 5 },
  score: 'mean',
  minimumAnswered: 2,
  aggregation: 'person-first',
  referenceValues: [],
};

/** Answers in the order role, q1, q2, q3, part. */
export type Answers = readonly [number | null, number | null, number | null, number | null, number | null];

export interface SchoolOf {
  readonly id: string;
  readonly cluster: string | null;
  readonly arm: string;
  readonly invited: number;
  readonly people: readonly Answers[];
}

export interface WorldOptions {
  readonly suppress?: boolean;
  readonly minimumCell?: number;
  readonly scale?: Scale;
}

/** The input of a report on these schools; everybody who is in `people` has responded. */
export function world(schools: readonly SchoolOf[], options: WorldOptions = {}): AdministrationReportInput {
  const scale = options.scale ?? trust;
  const clusters = [...new Map(schools.flatMap(({ cluster, arm }) => (cluster ? [[cluster, arm] as const] : [])))];
  return {
    study: {
      id: 'study',
      title: 'The study',
      description: '',
      simulated: true,
      timeZone: 'Europe/London',
      minimumCell: options.minimumCell ?? 5,
      arms: [
        { id: 'i', title: 'Intervention', kind: 'intervention' },
        { id: 'c', title: 'Comparison', kind: 'comparison' },
      ],
      waves: [],
    },
    administration: {
      id: 'a1',
      study: 'study',
      title: 'Staff survey',
      instrument: 'small',
      version: 1,
      wave: 'w1',
      audience: { arms: ['i', 'c'], roles: ['teacher'] },
      mode: 'confidential',
      opens: '2026-01-01',
      closes: '2026-02-01',
      state: 'closed',
      information: { version: 1, asker: '', paragraphs: [], consent: '', contact: '' },
    },
    instrument: { id: 'small', version: 1, title: 'Small instrument' },
    codebook,
    scales: [scale],
    clusters: clusters.map(([id, arm]) => ({ id, name: `Cluster ${id}`, arm })),
    schools: schools.map(({ id, cluster, arm }) => ({
      id,
      name: `School ${id}`,
      arm,
      cluster,
      phase: 'primary',
      pupils: null,
      disadvantaged: null,
    })),
    rates: schools.map(
      ({ id, cluster, arm, invited, people }): RateInput => ({
        school: id,
        cluster,
        arm,
        invited,
        responded: people.length,
      }),
    ),
    rows: schools.flatMap(({ id, cluster, arm, people }) =>
      people.map(
        (answers): ReportRow => ({
          school: id,
          cluster,
          arm,
          values: [...answers, null],
          scores: [scoreItems(scale, [answers[1], answers[2], answers[3]])],
        }),
      ),
    ),
    suppress: options.suppress ?? false,
  };
}
