/**
 * Which mirrors this machine takes its packages from, read from apt's own configuration, so that a newer C library
 * comes from the place that the machine's owner already trusts. Called by libc-fetch.ts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A distribution's release that has a new enough C library, and the earlier releases whose machines may need it. */
type Release = {
  name: string;
  suite: string;
  earlier: string[];
  keyrings: string[];
};

const RELEASES: Release[] = [
  {
    name: 'Debian 13',
    suite: 'trixie',
    earlier: ['buster', 'bullseye', 'bookworm', 'oldoldstable', 'oldstable', 'stable', 'trixie'],
    keyrings: [
      '/usr/share/keyrings/debian-archive-keyring.gpg',
      '/usr/share/keyrings/debian-archive-keyring.pgp',
      '/usr/share/keyrings/debian-archive-trixie-automatic.gpg',
    ],
  },
  {
    name: 'Ubuntu 24.04',
    suite: 'noble',
    earlier: ['focal', 'jammy', 'lunar', 'noble'],
    keyrings: ['/usr/share/keyrings/ubuntu-archive-keyring.gpg'],
  },
];

/** Where to fetch a package from: a release of a distribution on one mirror, checked with one keyring. */
export type PackageSource = {
  name: string;
  suite: string;
  mirror: string;
  keyring: string;
};

/**
 * The places to try in turn: the mirrors that this machine is configured with. Only distributions whose signing keys are
 * installed on it; an empty list where there is none.
 */
export function packageSources(aptFolder = '/etc/apt', root = ''): PackageSource[] {
  const configured = configuredSources(aptFolder);
  return RELEASES.flatMap(({ name, suite, earlier, keyrings }) => {
    const keyring = keyrings.map((path) => root + path).find((path) => existsSync(path));
    if (keyring === undefined) return [];
    const own = configured.filter(({ suites }) => suites.some((one) => earlier.includes(one)));
    const mirrors = new Set(own.flatMap((source) => source.mirrors));
    return [...mirrors].map((mirror) => ({ name, suite, mirror, keyring }));
  });
}

type Configured = { mirrors: string[]; suites: string[] };

function configuredSources(aptFolder: string): Configured[] {
  const parts = join(aptFolder, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = [join(aptFolder, 'sources.list'), ...names.map((name) => join(parts, name))];
  return files.flatMap((file) => {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return [];
    }
    return file.endsWith('.sources') ? parseSourceStanzas(text) : file.endsWith('.list') ? parseSourceLines(text) : [];
  });
}

/**
 * The one-line form: `deb [options] mirror suite components…`.
 *
 * @example
 * parseSourceLines('deb [arch=amd64] http://mirror.example.org/debian bookworm main # base')
 * // => [{ mirrors: ['http://mirror.example.org/debian'], suites: ['bookworm'] }]
 */
export function parseSourceLines(text: string): Configured[] {
  const sources: Configured[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?([a-z+]+:\S+)\s+(\S+)/.exec(line.replace(/#.*/, ''));
    if (match?.[1] && match[2] && usable([match[1]]).length > 0)
      sources.push({ mirrors: usable([match[1]]), suites: [match[2]] });
  }
  return sources;
}

/**
 * The stanza form (deb822): fields `Types`, `URIs`, `Suites`, `Enabled`; a line that begins with white space continues
 * the field before it.
 */
export function parseSourceStanzas(text: string): Configured[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string): string[] => {
      const match = new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(stanza);
      return match?.[1]?.split(/\s+/).filter((word) => word !== '') ?? [];
    };
    if (!field('Types').includes('deb') || field('Enabled')[0]?.toLowerCase() === 'no') return [];
    return [{ mirrors: usable(field('URIs')), suites: field('Suites') }];
  });
}

/** A CD-ROM holds one release only, never the newer one. */
function usable(mirrors: string[]): string[] {
  return mirrors.filter((mirror) => /^(https?|mirror|mirror\+(file|https?)|file|ftp|tor\+https?):/.test(mirror));
}
