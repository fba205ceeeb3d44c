/** What exports do when answers or names go for good. Called by withdrawal, erasure and retention, after what they remove. */
import type { Context } from '../context.ts';
import { expireExports, restartExports } from './store.ts';

/** No file of the study that was made before stays; what is being made is made again without what has gone. */
export async function forgetExports(context: Pick<Context, 'db' | 'clock'>, study: string): Promise<void> {
  await restartExports(context.db, study);
  await expireExports(context, { study });
}
