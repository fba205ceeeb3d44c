/**
 * The OpenAPI 3.1 document of all declared routes, made from the same schemas that check the requests. Served at
 * `/api/openapi.json`; mounted by app.ts.
 */
import { z } from 'zod';
import { sessionCookie } from './accounts/sessions.ts';
import { accessOf, type Route, route } from './http.ts';
import { openToTokens } from './permissions.ts';
import { problemCodes } from './problems.ts';

type Json = Record<string, unknown>;

const problemSchema = z.object({
  type: z.string().describe('Address of the kind of problem, relative to this server'),
  code: z.enum(problemCodes).describe('The stable name to test for'),
  status: z.number().int().min(400).max(599),
  title: z.string().describe('What is the matter and what to do, in one sentence'),
  detail: z.string().optional(),
  issues: z.array(z.object({ code: z.string(), path: z.string(), message: z.string() })).optional(),
  instance: z.string().optional().describe('The request id, to be quoted when the problem is reported'),
});

/** The route that serves the document of `routes` and itself. */
export function openapiRoute(routes: readonly Route[]): Route {
  let document: Json | undefined;
  const itself: Route = route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This document',
    answer: z.looseObject({ openapi: z.string() }),
    handle() {
      document ??= openapiDocument([...routes, itself]);
      return document;
    },
  });
  return itself;
}

/** The document. Throws when a route has no row in the permission table or does not declare a part of its path. */
export function openapiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  const schemas: Json = {};
  for (const definition of routes) {
    const path = definition.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [definition.method.toLowerCase()]: operationOf(definition, schemas),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fidelis',
      version: '1',
      description: 'Surveys and implementation and process evaluation of school-improvement trials.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: {
        Problem: embedded(problemSchema, 'output', 'Problem', schemas),
        ...schemas,
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: sessionCookie },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API token, `fid_…`, made on the account page. It needs no CSRF token.',
        },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'x-csrf-token',
          description: 'The `csrfToken` of GET /api/session.',
        },
      },
    },
  };
}

function operationOf(definition: Route, schemas: Json): Json {
  const access = accessOf(definition);
  const id = `${definition.method.toLowerCase()}-${definition.path.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}`;
  const withToken = definition.method !== 'GET' && !definition.path.startsWith('/api/s/');
  const needed: Json = {
    ...(access === 'anyone' ? {} : { session: [] }),
    ...(withToken ? { csrf: [] } : {}),
  };
  const parameters = [...pathParameters(definition, id, schemas), ...queryParameters(definition, id, schemas)];
  const body = embedded(definition.body, 'input', `${id}-body`, schemas);
  return {
    operationId: id,
    summary: definition.summary,
    description: accessInWords(access),
    'x-permission': access,
    security: [
      ...(Object.keys(needed).length > 0 ? [needed] : []),
      ...(takesTokens(definition, access) ? [{ bearer: [] }] : []),
    ],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(definition.upload ? { requestBody: definition.upload === 'bare' ? bareBody : uploadBody } : {}),
    ...(isNothing(definition.body)
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: body } },
          },
        }),
    responses: {
      [String(definition.status)]: {
        description: 'Done',
        ...contentOf(definition, id, schemas),
      },
      default: {
        description: 'A problem; its `code` says which',
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
          },
        },
      },
    },
  };
}

const uploadBody = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
    },
  },
};

const bareBody = {
  required: true,
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
};

/** API tokens stand for a permission; what needs none but a session is closed to them. */
function takesTokens({ method, path }: Route, access: ReturnType<typeof accessOf>): boolean {
  return openToTokens.has(`${method} ${path}`) || (access !== 'anyone' && access !== 'signed-in');
}

function accessInWords(access: ReturnType<typeof accessOf>): string {
  if (access === 'anyone') return 'Needs no account.';
  return access === 'signed-in' ? 'Needs an account.' : `Needs the permission \`${access}\`.`;
}

function contentOf({ answer }: Route, id: string, schemas: Json): Json {
  if (answer === null) return {};
  if (typeof answer === 'string') return { content: { [answer.split(';')[0] ?? answer]: {} } };
  return {
    content: {
      'application/json': {
        schema: embedded(answer, 'output', `${id}-answer`, schemas),
      },
    },
  };
}

function pathParameters(definition: Route, id: string, schemas: Json): Json[] {
  const names = [...definition.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const { properties = {} } = embedded(definition.params, 'input', `${id}-params`, schemas) as { properties?: Json };
  return names.map((name) => {
    const schema = properties[name];
    if (!schema) throw new Error(`${definition.method} ${definition.path} does not declare the parameter ${name}`);
    return { name, in: 'path', required: true, schema };
  });
}

function queryParameters(definition: Route, id: string, schemas: Json): Json[] {
  const { properties = {}, required = [] } = embedded(definition.query, 'input', `${id}-query`, schemas) as {
    properties?: Json;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function isNothing(schema: z.ZodType): boolean {
  return schema instanceof z.ZodUndefined;
}

/**
 * A schema as it stands inside the document. JSON Schema's own definitions, which recursive schemas need, move to the
 * document's components, because inside a document `#/$defs` would point nowhere.
 */
function embedded(schema: z.ZodType, io: 'input' | 'output', name: string, schemas: Json): Json {
  const {
    $schema: _,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & {
    $defs?: Json;
  };
  const nameOf = (definition: string) => `${name}-${definition}`.replaceAll(/[^A-Za-z0-9._-]/g, '-');
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        if (key !== '$ref' || typeof part !== 'string') return [key, moved(part)];
        const definition = part.replace(/^#\/\$defs\//, '');
        return [key, `#/components/schemas/${part === '#' ? name : nameOf(definition)}`];
      }),
    );
  };
  for (const [definition, value] of Object.entries($defs ?? {})) schemas[nameOf(definition)] = moved(value);
  const result = moved(own) as Json;
  if (JSON.stringify(own).includes('"$ref":"#"')) schemas[name] = result;
  return result;
}
