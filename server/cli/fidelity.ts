/** `fidelis fidelity`: what was delivered, how well and to whom, per cluster and school, with what is wrong with the data. */
import { Command } from 'commander';
import type { PlaceFidelity } from '../../analysis/process/picture.ts';
import { flagTitles } from '../../analysis/process/quality.ts';
import { type Fidelity, fidelityOf } from '../fidelity/fidelity.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { act, withContext } from './run.ts';
import { textColumns } from './text-columns.ts';

interface Options {
  readonly study: string;
  readonly cycle?: string;
}

export function fidelityCommand(): Command {
  const command = new Command('fidelity')
    .description(
      'fidelity of the programme per cluster and school: component scores, dose, index, compliance, findings',
    )
    .requiredOption('--study <study>', 'id of the study')
    .option('--cycle <cycle>', 'one cycle of the model; without it all cycles');
  return act<Options>(command, async ({ study: id, cycle = null }) =>
    withContext(async (context) => {
      const study = await getStudy(context.db, id);
      const fidelity = await fidelityOf(context, study, { cycle, reader: { scope: 'all', suppress: false } });
      if (!fidelity) {
        throw new Problem('not-found', {
          detail: `The study "${id}" has no published fidelity model. Publish one first.`,
        });
      }
      return { json: fidelity, lines: linesOf(fidelity) };
    }),
  );
}

/** A table for people: each cluster with its schools below it, then what has to be looked at. */
function linesOf(fidelity: Fidelity): string[] {
  const { study, model, cycles, cycle, today, clusters, schools, flags } = fidelity;
  const open = flags.filter(({ resolutions }) => resolutions.length === 0);
  const counts = new Map<string, number>();
  for (const { kind } of open) counts.set(flagTitles[kind], (counts.get(flagTitles[kind]) ?? 0) + 1);
  const which = cycle === null ? 'all cycles' : (cycles.find(({ id }) => id === cycle)?.title ?? cycle);
  const rows = clusters
    .filter(({ programme }) => programme)
    .flatMap((cluster) => [
      cells(cluster, ''),
      ...schools.filter((school) => school.cluster === cluster.id).map((school) => cells(school, '  ')),
    ]);
  return [
    `${study.title}: ${model.title}, version ${model.version} (${model.state}), ${which}, as at ${today}`,
    '',
    ...textColumns([['', 'Index', 'Core', 'Known', 'Events', 'Days', 'Complied'], ...rows]),
    '',
    open.length === 0 ? 'No findings about the data.' : `Findings that wait for a decision: ${open.length}`,
    ...[...counts].map(([title, count]) => `  ${title}: ${count}`),
  ];
}

function cells({ name, index, coreIndex, share, dose, compliance }: PlaceFidelity, indent: string): string[] {
  const complied = compliance.complied === null ? '–' : compliance.complied === 1 ? 'yes' : 'no';
  return [
    `${indent}${name}`,
    figure(index),
    figure(coreIndex),
    `${Math.round(share * 100)}%`,
    `${dose.received}/${dose.planned}`,
    `${Number(dose.receivedDays.toFixed(2))}/${Number(dose.plannedDays.toFixed(2))}`,
    complied,
  ];
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}
