/** What every feature needs, made once by `main.ts`, the command line or a test, and passed on as an argument. */
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Secret } from './secret.ts';

export interface Context {
  readonly db: Connection;
  readonly config: Config;
  readonly log: Logger;
  readonly secret: Secret;
  /** The only clock of the server; tests set it. */
  readonly clock: () => Date;
}
