/** Writes every hazard in every format into a folder, as the datasets of studies are written. Called by the matrix. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { BuiltDataset } from '../../../server/datasets/definitions/build.ts';
import { definitionSchema } from '../../../server/datasets/definitions/definition.ts';
import {
  type BuiltFormat,
  tableFormats,
  wholeFormats,
  writeBuilt,
} from '../../../server/datasets/definitions/files.ts';
import { type Hazard, hazards, tableOf } from './hazards.ts';

export const formats: readonly BuiltFormat[] = [...tableFormats, ...wholeFormats];

/** Where the file of a hazard is. The script for R asks for the CSV file beside it. */
export function pathOf(folder: string, hazard: Hazard, format: BuiltFormat): string {
  return join(folder, `${hazard.id}.${{ r: 'R', ddi: 'xml' }[format as string] ?? format}`);
}

/** Hazards by themselves; the sheets, codebook and descriptions are those of a dataset that holds nothing else. */
function builtOf(hazard: Hazard): BuiltDataset {
  const table = tableOf(hazard);
  return {
    study: {
      id: 'hazards',
      title: hazard.title,
      description: hazard.title,
      simulated: true,
      timeZone: 'Europe/London',
      minimumCell: 5,
      arms: [],
      waves: [],
    },
    definition: definitionSchema.parse({
      ...{ name: hazard.id, title: hazard.title, purpose: hazard.title, administrations: ['none'], texts: true },
    }),
    datasets: [],
    tables: [table],
    rules: [],
    scores: [],
    notes: [hazard.title],
    counts: { responses: table.rows, partial: 0, withdrawn: 0, simulated: table.rows },
    anonymity: null,
    at: table.at,
    sha256: '0'.repeat(64),
    close: async () => {},
  };
}

export async function writeAll(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const hazard of hazards) {
    for (const format of formats) {
      const file = createWriteStream(pathOf(folder, hazard, format));
      const done = finished(file);
      await writeBuilt(file, builtOf(hazard), format);
      await done;
    }
  }
}
