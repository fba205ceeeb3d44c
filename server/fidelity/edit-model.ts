/**
 * Drafts of a fidelity model, and the steps from draft to published to locked. After a lock a new version is an amendment: it
 * wants a reason, is locked at once and stands in the study's log with all that it changes. Called by the routes.
 */
import { randomUUID } from 'node:crypto';
import { sourcesOf } from '../../analysis/process/input.ts';
import { checkAgainstInstruments } from '../../instruments/fidelity/check.ts';
import { differencesOf } from '../../instruments/fidelity/diff.ts';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';
import { missingDays } from '../../instruments/fidelity/windows.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Issue } from '../../instruments/instrument.ts';
import type { Study } from '../../instruments/study.ts';
import { settleChanges } from '../amendments/settle.ts';
import type { Context } from '../context.ts';
import { compiledInstrument, listInstruments } from '../instruments/store.ts';
import { Problem } from '../problems.ts';
import {
  findModel,
  insertModel,
  listModels,
  type ModelState,
  modelTransitions,
  removeDraft,
  type StoredModel,
  takeStep,
  updateDraft,
} from './models.ts';
import { hashModel, shippedModel } from './shipped.ts';

/** Throws `not-found`. */
export async function getModel(context: Pick<Context, 'db'>, study: string, version: number): Promise<StoredModel> {
  const found = await findModel(context.db, study, version);
  if (!found) throw new Problem('not-found', { detail: `This study has no version ${version} of a fidelity model.` });
  return found;
}

/** What keeps a model from being published in this study. */
export async function modelIssues(context: Pick<Context, 'db'>, study: Study, model: FidelityModel): Promise<Issue[]> {
  const parsed = parseFidelityModel(model);
  const instruments = new Set(sourcesOf(model).map(({ instrument }) => instrument));
  const published = (await listInstruments(context.db)).filter(({ instrument }) => instruments.has(instrument.id));
  const versions = await Promise.all(
    published.map(async ({ instrument }) => ({
      codebook: (await compiledInstrument(context.db, instrument.id, instrument.version)).codebook,
      scales: instrument.scales,
    })),
  );
  const days = missingDays(model, study.waves).map((text): Issue => {
    const [path = '', message = ''] = text.split(': ', 2);
    return { code: 'unknown-days', path, message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.` };
  });
  return [...(parsed.ok ? [] : parsed.issues), ...checkAgainstInstruments(model, versions), ...days];
}

/**
 * A new draft: of the model given, of the newest version, or of the one that ships. There is one draft at a time.
 * Throws `already-exists`.
 */
export async function createDraft(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  given: FidelityModel | null,
  by: string,
): Promise<StoredModel> {
  const versions = await listModels(context.db, study.id);
  const last = versions.at(-1);
  if (last?.state === 'draft') {
    throw new Problem('already-exists', {
      detail: `Version ${last.version} is a draft; go on with that, or discard it.`,
    });
  }
  const version = (last?.version ?? 0) + 1;
  const model = { ...(given ?? last?.model ?? (await shippedModel())), version };
  const draft: StoredModel = {
    ...{ study: study.id, version, state: 'draft', revision: 0, model, hash: hashModel(model), pending: null },
    history: [{ state: 'draft', at: context.clock(), by, why: '' }],
  };
  if (!(await insertModel(context.db, draft))) throw new Problem('conflict');
  return draft;
}

/** Throws `state-not-allowed` for what is published, and `conflict` when somebody else was quicker. */
export async function saveDraft(
  context: Pick<Context, 'db'>,
  study: string,
  { version, revision, model }: { readonly version: number; readonly revision: number; readonly model: FidelityModel },
): Promise<StoredModel> {
  const was = await requireDraft(context, study, version);
  const next = { ...model, version };
  const hash = hashModel(next);
  // The same again, after an answer that was lost, is a success.
  if (hash === was.hash) return was;
  if (!(await updateDraft(context.db, { study, version, revision }, { model: next, hash })))
    throw new Problem('conflict');
  return getModel(context, study, version);
}

export async function discardDraft(
  context: Pick<Context, 'db'>,
  study: string,
  { version, revision }: { readonly version: number; readonly revision: number },
): Promise<void> {
  await requireDraft(context, study, version);
  if (!(await removeDraft(context.db, { study, version, revision }))) throw new Problem('conflict');
}

async function requireDraft(context: Pick<Context, 'db'>, study: string, version: number): Promise<StoredModel> {
  const was = await getModel(context, study, version);
  if (was.state !== 'draft') {
    throw new Problem('state-not-allowed', {
      detail: `Version ${version} is ${was.state}; make a new version instead.`,
    });
  }
  return was;
}

export interface WantedStep {
  readonly version: number;
  readonly revision: number;
  readonly state: ModelState;
  readonly why: string;
}

/**
 * Publishes or locks a version. Throws `invalid-model` for one that has issues, `reason-needed` for a lock or an amendment
 * without a reason.
 */
export async function stepModel(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  study: Study,
  { version, revision, state, why }: WantedStep,
  by: string,
): Promise<StoredModel> {
  const was = await getModel(context, study.id, version);
  const earlier = (await listModels(context.db, study.id)).filter(
    (one) => one.version < version && one.state !== 'draft',
  );
  const before = earlier.at(-1);
  const amends = before?.state === 'locked' && was.state === 'draft';
  const wanted = amends && state === 'published' ? 'locked' : state;
  // The same step again, after an answer that was lost, is a success.
  if (was.state === wanted && was.revision === revision + 1) return was;
  const allowed = was.state === 'draft' && !amends ? ['published'] : modelTransitions[was.state];
  if (!allowed.includes(wanted)) {
    throw new Problem('state-not-allowed', { detail: `Version ${version} is ${was.state}.` });
  }
  if (wanted === 'locked' && why === '') throw new Problem('reason-needed');
  if (was.state === 'draft') {
    const issues = await modelIssues(context, study, was.model);
    if (issues.length > 0) throw new Problem('invalid-model', { issues });
  }
  const at = context.clock();
  const pending = amends
    ? {
        ...{ id: randomUUID(), study: study.id, at, by, why },
        thing: { kind: 'fidelity-model' as const, id: `version ${version}`, title: was.model.title },
        changes: [
          { what: 'version', old: String(before.version), new: String(version) },
          ...differencesOf(before.model, was.model),
        ],
      }
    : null;
  if (!(await takeStep(context.db, { ...was, revision }, { state: wanted, at, by, why }, pending))) {
    throw new Problem('conflict');
  }
  await settleChanges(context, study.id);
  return getModel(context, study.id, version);
}
