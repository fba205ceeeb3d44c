/** The fidelity models that ship with Fidelis. Used by the demonstration study and as a start for a study's own. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../instruments/canonical.ts';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { packageRoot } from '../package-root.ts';
import { insertModel } from './models.ts';

/** The model of the Schools Partnership Programme. Throws when the file is broken: it is part of the program. */
export async function shippedModel(): Promise<FidelityModel> {
  const parsed = parseFidelityModel(
    JSON.parse(await readFile(join(packageRoot, 'instruments', 'models', 'spp.v1.json'), 'utf8')),
  );
  if (parsed.ok) return parsed.value;
  const [first] = parsed.issues;
  throw new Error(`instruments/models/spp.v1.json: ${first?.path}: ${first?.message}`);
}

/** SHA-256 of the canonical JSON, in hexadecimal. */
export function hashModel(model: FidelityModel): string {
  return createHash('sha256').update(canonicalJson(model)).digest('hex');
}

/** The demonstration study has the shipped model, published, with its rule decided when the study began. */
export async function insertDemoModel({ db, clock }: Pick<Context, 'db' | 'clock'>, study: Study): Promise<void> {
  const shipped = await shippedModel();
  const decided = study.waves[0]?.opens ?? shipped.compliance.decided;
  const model: FidelityModel = { ...shipped, compliance: { ...shipped.compliance, decided } };
  const why = 'The model that ships with Fidelis, for the demonstration.';
  await insertModel(db, {
    study: study.id,
    version: 1,
    state: 'published',
    revision: 1,
    model,
    hash: hashModel(model),
    history: [{ state: 'published', at: clock(), by: 'command', why }],
    pending: null,
  });
}
