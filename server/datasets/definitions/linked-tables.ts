/**
 * Tables beside the main one: the entries of dynamic panels and matrices, and the clusters, schools and people of the
 * roster on the day of the dataset. Called by `build.ts`.
 */
import type { AsAt } from '../../../instruments/membership.ts';
import type { Context } from '../../context.ts';
import type { DatedCompliance } from '../../fidelity/compliance.ts';
import { findIdentities } from '../../identities/store.ts';
import { listMembersAt } from '../../rosters/as-at.ts';
import { freeName } from '../columns.ts';
import { type FileRow, type FileVariable, newCells, plain } from '../file-columns.ts';
import { bandOf, pupilBands, shareBands } from './bands.ts';
import { type Line, variableGroup } from './column-groups.ts';
import { complianceCells, complianceColumns, complianceNames } from './compliance.ts';
import type { Coder } from './controlled.ts';
import type { DatasetDefinition, LinkedTableKind } from './definition.ts';
import type { RowSource } from './long-table.ts';
import type { PooledVariable } from './pool.ts';

export interface LinkedSource extends RowSource {
  readonly name: string;
  readonly title: string;
  readonly key: readonly string[];
  readonly references: readonly { readonly column: string; readonly table: string }[];
  /** What was resolved in it: a sentence each. */
  readonly notes?: readonly string[];
}

type Value = string | number | null;

function tableOf(
  about: Omit<LinkedSource, 'variables' | 'read' | 'close'>,
  variables: readonly FileVariable[],
  rows: readonly (readonly Value[])[],
): LinkedSource {
  return {
    ...about,
    variables,
    async *read() {
      yield rows.map((values): FileRow => ({ values, reasons: values.map(() => null) }));
    },
    close: () => Promise.resolve(),
  };
}

const text = (name: string, label: string) => plain(name, label, 'text');

/** Clusters, schools and people as at the day of the dataset, or as allocated where it keeps the places of the answers. */
export async function rosterTables(
  context: Pick<Context, 'db' | 'config' | 'secret'>,
  { id: study, schoolColumns = [] }: { readonly id: string; readonly schoolColumns?: readonly string[] | undefined },
  { tables, level, places }: Pick<DatasetDefinition, 'tables' | 'level' | 'places'>,
  { coder, compliance }: { readonly coder: Coder; readonly compliance: DatedCompliance | null },
): Promise<LinkedSource[]> {
  const wants = (kind: LinkedTableKind) => tables.includes(kind);
  if (!(wants('clusters') || wants('schools') || wants('people'))) return [];
  const asAt: AsAt = places === 'answered' ? 'allocated' : places;
  const members = await listMembersAt(context.db, study, asAt);
  const controlled = level === 'controlled';
  const named = level === 'identified';
  const code = (kind: 'person' | 'school' | 'cluster', id: string | null) =>
    id !== null && controlled ? coder(kind, id) : id;
  // By code: the order of the roster, which others may list, would lead from a code to its place.
  const ordered = <T extends readonly Value[]>(rows: T[]): T[] =>
    controlled ? rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : rows;
  const found: LinkedSource[] = [];
  if (wants('clusters')) {
    const size = new Map<string, number>();
    for (const { cluster } of members.schools) if (cluster !== null) size.set(cluster, (size.get(cluster) ?? 0) + 1);
    found.push(
      tableOf(
        { name: 'clusters', title: 'Clusters of schools', key: ['cluster'], references: [] },
        [
          text('cluster', 'Cluster of schools'),
          ...(named ? [text('name', 'Name')] : []),
          text('arm', 'Arm'),
          { ...plain('schools', 'Schools on the day', 'integer'), measurement: 'scale' },
          ...complianceColumns(compliance),
        ],
        ordered(
          members.clusters.map(({ id, name, arm }) => [
            code('cluster', id),
            ...(named ? [name] : []),
            arm,
            size.get(id) ?? 0,
            ...complianceCells(compliance, 'clusters', id),
          ]),
        ),
      ),
    );
  }
  if (wants('schools')) {
    // Further columns are a study's own: nobody knows how much they tell.
    const extra = controlled ? [] : schoolColumns;
    const own = ['school', 'name', 'number', 'cluster', 'arm', 'phase', 'pupils', 'disadvantaged'];
    const taken = new Set([...own, ...complianceNames(compliance)]);
    found.push(
      tableOf(
        {
          name: 'schools',
          title: 'Schools',
          key: ['school'],
          references: wants('clusters') ? [{ column: 'cluster', table: 'clusters' }] : [],
        },
        [
          text('school', 'School'),
          ...(named ? [text('name', 'Name'), text('number', 'National number')] : []),
          text('cluster', 'Cluster of schools'),
          text('arm', 'Arm'),
          text('phase', 'Phase'),
          ...(controlled
            ? [text('pupils', 'Pupils, banded'), text('disadvantaged', 'Share of disadvantaged pupils, banded')]
            : [
                { ...plain('pupils', 'Pupils', 'integer'), measurement: 'scale' as const },
                {
                  ...plain('disadvantaged', 'Share of disadvantaged pupils, 0 to 1', 'number'),
                  measurement: 'scale' as const,
                },
              ]),
          ...complianceColumns(compliance),
          ...extra.map((name) => text(freeName(columnName(name), taken), name)),
        ],
        ordered(
          members.schools.map((school) => [
            code('school', school.id),
            ...(named ? [school.name, school.number ?? null] : []),
            code('cluster', school.cluster),
            school.arm,
            school.phase,
            controlled ? bandOf(school.pupils, pupilBands) : school.pupils,
            controlled ? bandOf(school.disadvantaged, shareBands) : school.disadvantaged,
            ...complianceCells(compliance, 'schools', school.id),
            ...extra.map((name) => school.extra?.[name] ?? null),
          ]),
        ),
      ),
    );
  }
  if (wants('people')) {
    const ids = members.people.map(({ id }) => id);
    const identities = named ? await findIdentities(context, study, ids) : null;
    found.push(
      tableOf(
        {
          name: 'people',
          title: 'People',
          key: ['person'],
          references: [
            ...(wants('schools') ? [{ column: 'school', table: 'schools' }] : []),
            ...(wants('clusters') ? [{ column: 'cluster', table: 'clusters' }] : []),
          ],
        },
        [
          text('person', 'Pseudonym'),
          ...(named ? [text('name', 'Name'), text('email', 'E-mail address')] : []),
          text('arm', 'Arm'),
          text('cluster', 'Cluster of schools'),
          text('school', 'School'),
          text('role', 'Role'),
        ],
        members.people.map(({ id, arm, cluster, school, role }) => [
          id,
          ...(identities ? [identities.get(id)?.name ?? null, identities.get(id)?.email ?? null] : []),
          arm,
          cluster,
          school,
          role,
        ]),
      ),
    );
  }
  return found;
}

/** From the school and the cluster of a row to their tables, where these are as at the same day. */
export function placeReferences(
  { tables, places }: Pick<DatasetDefinition, 'tables' | 'places'>,
  variables: readonly Pick<FileVariable, 'name'>[],
): LinkedSource['references'] {
  // The places of answers may be those of another day than the roster's.
  if (places === 'answered') return [];
  const links = [
    { column: 'school', table: 'schools' },
    { column: 'cluster', table: 'clusters' },
  ] as const;
  return links.filter(({ column, table }) => tables.includes(table) && variables.some(({ name }) => name === column));
}

/** A column of a study's own as a name that every program takes. */
function columnName(name: string): string {
  const plainName = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return /^[a-z]/.test(plainName) ? plainName : `column_${plainName}`;
}

/** The entries of one dynamic panel or matrix in all administrations of its instrument. */
export function panelTable(
  about: { readonly name: string; readonly title: string; readonly of: 'data' | 'events' },
  pooled: readonly PooledVariable[],
  tableAt: readonly (number | null)[],
  lines: () => AsyncIterable<readonly Line[]>,
): LinkedSource {
  const taken = new Set(pooled.map(({ column }) => column.name));
  const response = freeName(taken.has('response') ? 'response_id' : 'response', taken);
  const number = freeName('row', taken);
  const notes: string[] = [];
  const groups = pooled.map((variable) => variableGroup(variable, taken, notes));
  const variables = [
    text(response, 'Response id'),
    plain(number, 'Number of the entry within the response', 'integer'),
    ...groups.flatMap(({ columns }) => columns),
  ];
  return {
    name: about.name,
    title: about.title,
    notes: notes.map((note) => `In ${about.name}: ${note}`),
    key: [response, number],
    references: [{ column: response, table: about.of }],
    variables,
    async *read() {
      for await (const batch of lines()) {
        const rows: FileRow[] = [];
        for (const line of batch) {
          const at = tableAt[line.source] ?? null;
          const entries = at === null ? [] : (line.row.coded.tables[at]?.rows ?? []);
          entries.forEach((entry, index) => {
            const cells = newCells(variables.length);
            cells.put(line.response[0] ?? null, null);
            cells.put(index + 1, null);
            const coded = { ...entry, tables: [] };
            for (const group of groups) group.put(cells, { ...line, row: { ...line.row, coded } });
            rows.push(cells.row);
          });
        }
        yield rows;
      }
    },
    close: () => Promise.resolve(),
  };
}
