import { mkdtemp } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import { countByAdministration, responseRates } from '../../server/administrations/rates.ts';
import { listAdministrations } from '../../server/administrations/store.ts';
import type { Context } from '../../server/context.ts';
import { demoSurveyLink, loadDemo } from '../../server/demo/load.ts';
import { demoProgress, hadDemo } from '../../server/demo/progress.ts';
import { compiledInstrument } from '../../server/instruments/store.ts';
import { findInvitationByHash, listInvitations } from '../../server/invitations/store.ts';
import { hashToken } from '../../server/invitations/tokens.ts';
import { respondedInvitations, streamResponses } from '../../server/responses/store.ts';
import { listClusters, listPeople, listSchools } from '../../server/rosters/store.ts';
import { deleteStudy } from '../../server/studies/delete.ts';
import { getStudy, insertStudy, listStudies } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

void mkdtemp;
let context: Context;
const steps: { done: number; total: number }[] = [];
let seconds = 0;

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  const started = performance.now();
  await loadDemo(context, { onProgress: (step) => void steps.push(step) });
  seconds = (performance.now() - started) / 1000;
  console.log('loaded in', seconds, context.db.name);
});

describe('the demonstration study', () => {
  it('loads', async () => {
    expect((await listStudies(context.db)).map(({ id }) => id)).toEqual(['demo']);
    for (const a of await listAdministrations(context.db, 'demo')) {
      const r = await responseRates(context.db, a);
      console.log(a.id, a.state, a.mode, r.total.invited, r.total.responded, r.total.rate.value);
    }
    console.log(await demoSurveyLink(context));
  });
});
