/** The configuration: the environment, parsed once at the start. Called by main.ts, the command line and the tests. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type IdentityKey, parseIdentityKeys } from './identities/keys.ts';

const portForm = 'must be a whole number from 0 to 65535';
const connectionsForm = 'must be a whole number from 1 to 20';

/** What the environment may say, with what holds when it says nothing. An empty value counts as not set. */
const environmentSchema = z.object({
  PORT: z.coerce
    .number(portForm)
    .refine((port) => Number.isInteger(port) && port >= 0 && port <= 65_535, portForm)
    .default(3000),
  HOST: z
    .string()
    .regex(/^[0-9A-Za-z.:_-]+$/, 'must be a host name or an address, such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/./, 'must begin with mongodb:// or mongodb+srv://')
    .optional(),
  FIDELIS_DATA: z.string().default('./data'),
  FIDELIS_SECRET_CHANGED: z.enum(['yes', 'no'], 'must be yes or no').default('no'),
  FIDELIS_DEMO: z.enum(['on', 'off'], 'must be on or off').default('on'),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an address such as https://survey.example.org',
    })
    .refine((text) => isOrigin(text), 'must be an address without path, query, user name or password')
    .optional(),
  FIDELIS_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  FIDELIS_IDENTITY_KEYS: z
    .string()
    .transform((text, issues) => {
      const keys = parseIdentityKeys(text);
      // The value is a secret: it is not told what of it is wrong.
      if (keys === null) issues.addIssue('must be keys like 2026:BASE64 with commas between them, each of 32 bytes');
      return keys ?? [];
    })
    .optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an address such as smtps://user:password@mail.example.org' })
    .refine((text) => URL.canParse(text) && new URL(text).hostname !== '', 'must name the host of a mail server')
    .optional(),
  SMTP_CONNECTIONS: z.coerce
    .number(connectionsForm)
    .refine((n) => Number.isInteger(n) && n >= 1 && n <= 20, connectionsForm)
    .default(2),
  MAIL_FROM: z
    .string()
    .refine((text) => senderOf(text) !== null, 'must be like Evaluation team <team@example.org>')
    .optional(),
  MAIL_REPLY_TO: z
    .string()
    .refine((text) => senderOf(text)?.name === '', 'must be an e-mail address')
    .optional(),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be the address of an identity provider, such as https://id.example.org' })
    .refine(isTrustworthy, 'must begin with https:// unless the provider is on this machine')
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().max(60).default('your organisation'),
  CHROMIUM_PATH: z.string().optional(),
  FIDELIS_DESIGNER: z.enum(['creator', 'json'], 'must be creator or json').default('creator'),
  SURVEYJS_LICENSE_KEY: z.string().max(5000).optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent')
    .default('warn'),
});

/** An OpenID Connect provider through which people may sign in. */
export interface IdentityProvider {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As it stands on the button: "Sign in with …". */
  readonly name: string;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Undefined: the embedded engine on `dataFolder`. */
  readonly mongodbUri: string | undefined;
  /** Absolute. */
  readonly dataFolder: string;
  /** That another secret than the one before is meant. */
  readonly secretChanged: boolean;
  /** Whether an empty embedded data folder is filled with the demonstration study. */
  readonly demo: boolean;
  /** Where people reach this server, without a slash at the end. */
  readonly publicUrl: string;
  /** Whether PUBLIC_URL says so; else it follows from where the server listens. */
  readonly publicUrlGiven: boolean;
  readonly secret: string | undefined;
  /** For names and e-mail addresses, the one for writing first; empty: a key derived from the secret. */
  readonly identityKeys: readonly IdentityKey[];
  readonly identityProvider: IdentityProvider | null;
  /** How mail goes out; null: it waits. */
  readonly mail: MailServer | null;
  /** The program that prints pages as PDF; undefined: looked for in the usual places. */
  readonly chromiumPath: string | undefined;
  /** With what instruments are designed: SurveyJS Creator, or the JSON editor of an installation without its licence. */
  readonly designer: 'creator' | 'json';
  /** Given to SurveyJS Creator in the browsers of evaluators. */
  readonly surveyjsLicenseKey: string | undefined;
  readonly logLevel: string;
}

export interface MailServer {
  readonly url: URL;
  /** How many messages go out at the same time. */
  readonly connections: number;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | null;
  /** What stands after the @ of Message-IDs. */
  readonly domain: string;
  /** With which name this server greets; empty: that of the machine. */
  readonly name: string;
}

/** Thrown by loadConfig: the message has one line for every wrong value, and never the value of a secret. */
export class ConfigError extends Error {
  readonly issues: { name: string; message: string }[];

  constructor(issues: { name: string; message: string }[]) {
    const lines = issues.map(({ name, message }) => `  ${name} ${message}`);
    super(`The configuration cannot be used:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.issues = issues;
  }
}

/**
 * The configuration that an environment asks for; throws a ConfigError with the full list of what is wrong.
 *
 * @example
 * loadConfig({ PORT: '8080' }).publicUrl // => 'http://127.0.0.1:8080'
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '');
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => ({
        name: issue.path.join('.'),
        message: issue.message,
      })),
    );
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    mongodbUri: value.MONGODB_URI,
    dataFolder: resolve(value.FIDELIS_DATA),
    secretChanged: value.FIDELIS_SECRET_CHANGED === 'yes',
    demo: value.FIDELIS_DEMO === 'on',
    publicUrl: value.PUBLIC_URL === undefined ? localUrl(value.HOST, value.PORT) : new URL(value.PUBLIC_URL).origin,
    publicUrlGiven: value.PUBLIC_URL !== undefined,
    secret: value.FIDELIS_SECRET,
    identityKeys: value.FIDELIS_IDENTITY_KEYS ?? [],
    identityProvider: identityProviderOf(value),
    mail: mailOf(value),
    chromiumPath: value.CHROMIUM_PATH,
    designer: value.FIDELIS_DESIGNER,
    surveyjsLicenseKey: value.SURVEYJS_LICENSE_KEY,
    logLevel: value.LOG_LEVEL,
  };
}

/** Throws where one of the three that belong together is missing. */
function identityProviderOf(value: z.output<typeof environmentSchema>): IdentityProvider | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, OIDC_NAME: name } = value;
  if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return { issuer: new URL(issuer), clientId, clientSecret, name };
  }
  const given = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret };
  const missing = Object.entries(given).filter(([, text]) => text === undefined);
  if (missing.length === 3) return null;
  throw new ConfigError(
    missing.map(([variable]) => ({ name: variable, message: 'is needed for sign-in through an identity provider' })),
  );
}

/** Throws where one of the two that belong together is missing. */
function mailOf(value: z.output<typeof environmentSchema>): MailServer | null {
  const { SMTP_URL: url, MAIL_FROM: from } = value;
  if (url === undefined) return null;
  const sender = from === undefined ? null : senderOf(from);
  if (sender === null) {
    throw new ConfigError([
      { name: 'MAIL_FROM', message: 'is needed where SMTP_URL is set: whom the messages come from' },
    ]);
  }
  return {
    url: new URL(url),
    connections: value.SMTP_CONNECTIONS,
    from: sender,
    replyTo: value.MAIL_REPLY_TO?.trim() ?? null,
    domain: sender.address.split('@')[1] ?? 'localhost',
    name: value.PUBLIC_URL === undefined ? '' : new URL(value.PUBLIC_URL).hostname,
  };
}

/** Name and address of `Name <address>` or of an address alone; null for anything else. */
function senderOf(text: string): { name: string; address: string } | null {
  const [, name = '', inner, alone] = /^(?:([^<>\r\n]*)<([^<>\s]+)>|([^<>\s]+))$/.exec(text.trim()) ?? [];
  const address = inner ?? alone ?? '';
  return /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+$/.test(address)
    ? { name: name.trim().replace(/^"|"$/g, ''), address }
    : null;
}

/** Where a server is reached from its own machine: by the loopback address when it listens everywhere. */
export function localUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}${port === 80 ? '' : `:${port}`}`;
}

function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}
