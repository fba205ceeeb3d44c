/** Headers of every answer that tell browsers what a page of this site may do. Mounted by app.ts; only importer of helmet. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from './config.ts';

/** Nothing inline runs and nothing is fetched from elsewhere; SurveyJS and chart.js set style attributes from script. */
const contentSecurityPolicy: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'style-src-attr': ["'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'worker-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
  'form-action': ["'self'"],
};

/** What no page here needs. */
const refusedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
];

const yearInSeconds = 365 * 24 * 60 * 60;

/**
 * The headers. Only where the site is reached over https are browsers told to insist on it: with plain http on a local
 * network they would find nothing.
 */
export function securityHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): RequestHandler {
  const https = publicUrl.startsWith('https:');
  const directives = https ? { ...contentSecurityPolicy, 'upgrade-insecure-requests': [] } : contentSecurityPolicy;
  const setHeaders = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Addresses hold survey and set-up tokens: they must not travel to another site.
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https ? { maxAge: yearInSeconds, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  });
  const permissionsPolicy = refusedFeatures.map((feature) => `${feature}=()`).join(', ');
  return (request, response, next) => {
    response.set('Permissions-Policy', permissionsPolicy);
    // Answers of the API are about people: no cache between here and the reader keeps one.
    if (request.path.toLowerCase().startsWith('/api/')) response.set('Cache-Control', 'no-store');
    setHeaders(request, response, next);
  };
}

/**
 * Whose X-Forwarded-* headers to believe, for Express's `trust proxy`. Behind https there is a proxy, often in another
 * container of the same host or network; without https only one on this machine is believed.
 */
export function trustedProxies({ publicUrl }: Pick<Config, 'publicUrl'>): string {
  return publicUrl.startsWith('https:') ? 'loopback, linklocal, uniquelocal' : 'loopback';
}
