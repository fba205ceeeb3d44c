/** The server's log: JSON lines for machines, without anything about people. Called by main.ts, the command line, tests. */
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import { loggedError } from './log-values.ts';

/** Wherever these stand, on the top level or in a request or response, they are credentials. */
const CREDENTIALS = ['cookie', 'set-cookie', 'authorization', 'x-csrf-token', 'password', 'token'];

/**
 * A logger of the configured level. Lines go to standard output unless a destination is given. Credentials that slip
 * into a logged object are cut out; the rule remains to log none.
 */
export function createLog(config: Pick<Config, 'logLevel'>, destination?: DestinationStream): Logger {
  const places = ['', '*.', 'req.headers.', 'res.headers.'];
  const options = {
    level: config.logLevel,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: loggedError },
    redact: {
      paths: places.flatMap((place) =>
        CREDENTIALS.map((name) =>
          place === '' || /^\w+$/.test(name) ? `${place}${name}` : `${place.slice(0, -1)}["${name}"]`,
        ),
      ),
      censor: '[removed]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
