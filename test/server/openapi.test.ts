/** The OpenAPI document: valid, whole, and made from the schemas that check the requests. */
import { Validator } from '@seriousme/openapi-schema-validator';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { allRoutes, createApp } from '../../server/app.ts';
import type { Database } from '../../server/database/connect.ts';
import { type Route, route } from '../../server/http.ts';
import { openapiDocument } from '../../server/openapi.ts';
import { accessTable, openToTokens } from '../../server/permissions.ts';
import { problemCodes } from '../../server/problems.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

interface Operation {
  operationId: string;
  security: Record<string, unknown>[];
  'x-permission': string;
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: Record<string, { enum?: string[] }> }> };
}

let database: Database;
let served: Document;

beforeAll(async () => {
  database = await testDatabase();
  const answer = await request(createApp(contextOn(database).context)).get('/api/openapi.json');
  expect(answer.status).toBe(200);
  served = answer.body as Document;
});

const operations = () =>
  Object.entries(served.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

async function errorsOf(document: object): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
  return valid ? [] : errors;
}

test('is valid OpenAPI 3.1', async () => {
  expect(served.openapi).toMatch(/^3\.1\./);
  expect(await errorsOf(served)).toEqual([]);
});

test('has an operation for every row of the permission table and no other', () => {
  const listed = operations().map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
  expect(listed.sort()).toEqual(Object.keys(accessTable).sort());
});

test('names every operation once and says what it needs', () => {
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { method, path, operation } of operations()) {
    const row = `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    expect(operation['x-permission']).toBe(accessTable[row]);
    const needed = Object.keys(operation.security[0] ?? {});
    expect(needed.includes('session')).toBe(accessTable[row] !== 'anyone');
    const bearer = operation.security.some((scheme) => 'bearer' in scheme);
    const open = ['anyone', 'signed-in'].includes(accessTable[row] ?? '');
    expect(bearer).toBe(!open || openToTokens.has(row));
    expect(needed.includes('csrf')).toBe(method !== 'GET' && !path.startsWith('/api/s/'));
  }
});

test('declares every parameter of every path, and references that lead somewhere', () => {
  for (const { path, operation } of operations()) {
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(inPath.map((parameter) => `{${parameter.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every((parameter) => parameter.required)).toBe(true);
  }
  const references = [...JSON.stringify(served).matchAll(/"\$ref":"([^"]*)"/g)].map((match) => match[1] ?? '');
  expect(references.length).toBeGreaterThan(0);
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\//);
    expect(served.components.schemas).toHaveProperty([reference.split('/').at(-1) ?? '']);
  }
});

test('lists every problem code', () => {
  expect(served.components.schemas.Problem?.properties?.code?.enum).toEqual(problemCodes);
});

test('turns schemas into parameters, bodies and answers, recursive ones too', async () => {
  interface Tree {
    name: string;
    branches: Tree[];
  }
  const tree: z.ZodType<Tree> = z.object({
    name: z.string(),
    get branches() {
      return z.array(tree);
    },
  });
  const made = route({
    method: 'PUT',
    path: '/api/studies/:study/administrations/:administration/state',
    summary: 'An example',
    params: z.object({ study: z.string(), administration: z.string() }),
    query: z.object({ page: z.coerce.number().int().default(1), filter: z.string() }),
    body: z.object({ tree, day: z.iso.date() }),
    answer: tree,
    handle: () => ({ name: 'root', branches: [] }),
  });
  const document = openapiDocument([made as Route]) as unknown as Document;
  expect(await errorsOf(document)).toEqual([]);
  const operation = document.paths['/api/studies/{study}/administrations/{administration}/state']?.put;
  expect(operation?.parameters?.map(({ name, in: place, required }) => [name, place, required])).toEqual([
    ['study', 'path', true],
    ['administration', 'path', true],
    ['page', 'query', false],
    ['filter', 'query', true],
  ]);
  expect(JSON.stringify(operation?.requestBody)).toContain('"format":"date"');
  expect(JSON.stringify(document)).not.toMatch(/\$defs|"\$ref":"#"/);
});

test('refuses a route that does not declare a part of its path', () => {
  const careless = route({ method: 'GET', path: '/api/studies/:study', summary: 'x', handle: () => null });
  expect(() => openapiDocument([careless as Route])).toThrow('does not declare the parameter study');
});

test('has a summary in words for every route', () => {
  for (const { summary } of allRoutes) expect(summary).toMatch(/^[A-Z][^.]+$/);
});
