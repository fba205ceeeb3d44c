/** Drafts information sheets. Called by the routes. */
import type { Connection } from 'mongoose';
import type { InformationText } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { insertSheetVersion, listSheetVersions, type SheetVersion } from './store.ts';

export interface SheetText {
  readonly sheet: string;
  readonly title: string;
  readonly texts: Readonly<Record<string, InformationText>>;
}

export const sheetsOf = (db: Connection, study: string): Promise<SheetVersion[]> => listSheetVersions(db, study);

/**
 * The first version of a new sheet, or the next of one that is there. Throws `state-not-allowed` while its newest version
 * is still a draft, and `conflict` when somebody else was quicker.
 */
export async function draftSheet(context: Context, by: string, study: string, text: SheetText): Promise<SheetVersion> {
  const { db } = context;
  await getStudy(db, study);
  const [newest] = await listSheetVersions(db, study, text.sheet);
  if (newest?.state === 'draft') {
    const detail = `Version ${newest.version} is still a draft: edit it instead.`;
    throw new Problem('state-not-allowed', { detail });
  }
  const draft: SheetVersion = {
    ...text,
    study,
    version: (newest?.version ?? 0) + 1,
    state: 'draft',
    createdAt: context.clock(),
    createdBy: by,
    frozenAt: null,
  };
  await insertSheetVersion(db, draft);
  return draft;
}
