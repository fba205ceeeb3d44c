/** The Express application: made from a context, listening nowhere. `main.ts` listens; tests call it directly. */
import compression from 'compression';
import express, { type Express, type Request, type Response } from 'express';
import { csrfProtection, sameOriginOnly } from './accounts/csrf.ts';
import { linkRoutes } from './accounts/link-routes.ts';
import { memberRoutes } from './accounts/member-routes.ts';
import { oidcRoutes } from './accounts/oidc-routes.ts';
import { accountRoutes } from './accounts/routes.ts';
import { secondFactorRoutes } from './accounts/second-factor-routes.ts';
import { sessionRoutes } from './accounts/session-routes.ts';
import { accountMiddleware, sessionMiddleware } from './accounts/sessions.ts';
import { tokenRoutes } from './accounts/token-routes.ts';
import { tokenMiddleware, withoutToken } from './accounts/tokens.ts';
import { knownAddresses } from './addresses.ts';
import { administrationRoutes } from './administrations/routes.ts';
import { waveRoutes } from './administrations/wave-routes.ts';
import { amendmentRoutes } from './amendments/routes.ts';
import { auditRoutes } from './audit/routes.ts';
import { recordTurnedAway } from './audit/turned-away.ts';
import { serveAssets, serveWorkbench } from './client-files.ts';
import { codeRoutes } from './codes/routes.ts';
import type { Context } from './context.ts';
import { odataRoutes } from './datasets/definitions/odata-routes.ts';
import { definitionRoutes } from './datasets/definitions/routes.ts';
import { datasetRoutes } from './datasets/routes.ts';
import { demoRoutes } from './demo/routes.ts';
import { evidenceRoutes, evidenceUploadRoutes } from './evidence/routes.ts';
import { exportRoutes } from './exports/routes.ts';
import { fidelityModelRoutes } from './fidelity/model-routes.ts';
import { fidelityRoutes } from './fidelity/routes.ts';
import { healthRoutes } from './health.ts';
import { mountRoutes, problemWriter, type Route } from './http.ts';
import { httpLog } from './http-log.ts';
import { informationRoutes } from './information/routes.ts';
import { draftRoutes } from './instruments/drafts/routes.ts';
import { instrumentRoutes } from './instruments/routes.ts';
import { invitationRoutes } from './invitations/routes.ts';
import { sharedLinkRoutes } from './invitations/shared-routes.ts';
import { jsonBody } from './json-body.ts';
import { messageRoutes } from './mail/routes.ts';
import { templateRoutes } from './mail/template-routes.ts';
import { unsubscribeRoutes } from './mail/unsubscribe.ts';
import { openapiRoute } from './openapi.ts';
import { overviewRoutes } from './overview/routes.ts';
import { paperRoutes } from './paper/routes.ts';
import { Problem } from './problems.ts';
import { rateRoutes } from './rates/routes.ts';
import { releaseRoutes } from './releases/routes.ts';
import { reportRoutes } from './reports/routes.ts';
import { studyReportRoutes } from './reports/study-routes.ts';
import { pilotRoutes } from './responses/pilot-routes.ts';
import { pageRoutes, responseRoutes } from './responses/routes.ts';
import { retentionRoutes } from './retention/routes.ts';
import { withdrawalPageRoutes, withdrawalRoutes } from './rights/public-routes.ts';
import { rightsRoutes } from './rights/routes.ts';
import { importRoutes } from './rosters/import-routes.ts';
import { rosterRoutes } from './rosters/routes.ts';
import { securityHeaders, trustedProxies } from './security.ts';
import { studyRoutes } from './studies/routes.ts';

/** Routes behind a session; `/api/studies/demo` stands before `/api/studies/:study`. */
const workbenchRoutes: readonly Route[] = [
  ...sessionRoutes,
  ...secondFactorRoutes,
  ...tokenRoutes,
  ...oidcRoutes,
  ...linkRoutes,
  ...accountRoutes,
  ...auditRoutes,
  ...demoRoutes,
  ...studyRoutes,
  ...memberRoutes,
  ...rosterRoutes,
  ...importRoutes,
  ...administrationRoutes,
  ...rateRoutes,
  ...waveRoutes,
  ...amendmentRoutes,
  ...informationRoutes,
  ...invitationRoutes,
  ...sharedLinkRoutes,
  ...pilotRoutes,
  ...paperRoutes,
  ...messageRoutes,
  ...templateRoutes,
  ...datasetRoutes,
  ...definitionRoutes,
  ...odataRoutes,
  ...exportRoutes,
  ...releaseRoutes,
  ...reportRoutes,
  ...studyReportRoutes,
  ...instrumentRoutes,
  ...fidelityRoutes,
  ...overviewRoutes,
  ...fidelityModelRoutes,
  ...evidenceRoutes,
  ...draftRoutes,
  ...rightsRoutes,
  ...retentionRoutes,
  ...codeRoutes,
];

const openRoutes: readonly Route[] = [
  ...healthRoutes,
  ...pageRoutes,
  ...responseRoutes,
  ...evidenceUploadRoutes,
  ...withdrawalPageRoutes,
  ...withdrawalRoutes,
  ...unsubscribeRoutes,
];
const apiRoutes: readonly Route[] = [...openRoutes, ...workbenchRoutes];

/** Every route of the application, as the permission walk and the OpenAPI document read them. */
export const allRoutes: readonly Route[] = [...apiRoutes, openapiRoute(apiRoutes)];

/** Largest body, in bytes: far more than any questionnaire's answers. */
const bodyLimit = 1_000_000;

/** Text of any kind; compression itself does not know lines of JSON. */
function isWorthCompressing(request: Request, response: Response): boolean {
  const type = String(response.getHeader('content-type') ?? '');
  return type.startsWith('application/x-ndjson') || compression.filter(request, response);
}

export function createApp(context: Context): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies(context.config));
  app.use(httpLog(context));
  app.use(securityHeaders(context.config));
  app.use(knownAddresses(allRoutes));
  app.use(sameOriginOnly(context.config));
  app.use(compression({ filter: isWorthCompressing }));
  serveAssets(app);
  app.use('/api', jsonBody(bodyLimit));
  // One click comes in several forms, and nothing in them matters.
  app.use('/unsubscribe', express.text({ limit: 10_000, type: () => true }));
  mountRoutes(app, context, openRoutes);
  mountRoutes(app, context, [openapiRoute(apiRoutes)]);
  app.use(
    '/api',
    tokenMiddleware(context),
    withoutToken(sessionMiddleware(context)),
    withoutToken(accountMiddleware(context)),
    withoutToken(csrfProtection(context)),
    recordTurnedAway(context, workbenchRoutes),
  );
  mountRoutes(app, context, workbenchRoutes);
  serveWorkbench(app);
  app.use(() => {
    throw new Problem('not-found');
  });
  app.use(problemWriter(context));
  return app;
}
