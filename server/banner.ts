/** The lines that the server prints when it is up: where to go, who else can get there, how to stop. Called by serve.ts. */
import { networkInterfaces } from 'node:os';
import type { Config } from './config.ts';

export interface Banner {
  readonly config: Pick<Config, 'host' | 'publicUrl'>;
  readonly port: number;
  /** The set-up link of the first administrator; null when there is an account. */
  readonly setup: string | null;
  /** A survey link of the demonstration study; null without one. */
  readonly survey: string | null;
  /** Addresses of this machine in its networks. */
  readonly addresses: readonly string[];
}

const everywhere = new Set(['0.0.0.0', '::']);
const loopback = /^(?:localhost|127(?:\.\d+){3}|::1)$/;

export function bannerOf({ config: { host, publicUrl }, port, setup, survey, addresses }: Banner): string {
  const place = everywhere.has(host) ? `port ${port} of all addresses of this machine` : `port ${port}`;
  const lines = [
    '',
    `Fidelis is running on ${place}.`,
    setup ? `  Workbench, first visit: ${setup}  (set-up link, works once)` : `  Workbench: ${publicUrl}/`,
    ...(survey ? [`  A teacher's survey:     ${survey}  (demonstration)`] : []),
    ...(loopback.test(host) ? [] : outsiders(everywhere.has(host) ? addresses : [host], port, publicUrl)),
    '  To stop: press Ctrl+C.',
    '',
  ];
  return lines.join('\n');
}

function outsiders(addresses: readonly string[], port: number, publicUrl: string): string[] {
  const urls = addresses.map((address) => `http://${address.includes(':') ? `[${address}]` : address}:${port}`);
  const where = urls.length > 0 ? `: ${urls.join(', ')}` : '';
  if (publicUrl.startsWith('https:')) {
    return [
      `  Careful: other machines can reach it past the proxy${where}`,
      '    HOST=127.0.0.1 prevents that where the proxy runs on this machine.',
    ];
  }
  return [
    `  Careful: other machines can reach it${where}`,
    '    Without https, whoever is on the way can read passwords and answers. Put a proxy with https before it, and',
    '    set PUBLIC_URL to the address that people type: links lead there.',
  ];
}

/** The IPv4 addresses of this machine that others may use. */
export function addressesOfThisMachine(): string[] {
  return Object.values(networkInterfaces())
    .flat()
    .flatMap((one) => (one && !one.internal && one.family === 'IPv4' ? [one.address] : []));
}
