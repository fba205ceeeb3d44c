/** The built client: hashed files under /assets, the workbench page, and the names that the respondent's page needs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Express, Request, Response } from 'express';
import sirv from 'sirv';
import { packageRoot } from './package-root.ts';

interface ManifestChunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

export interface EntryFiles {
  /** Site paths like `/assets/respondent-abc.js`. */
  readonly script: string;
  readonly styles: readonly string[];
  /** Modules that the script imports, to be fetched at once. */
  readonly preload: readonly string[];
}

export const clientFolder = join(packageRoot, 'dist', 'client');
const yearInSeconds = 365 * 24 * 60 * 60;

/** The files of an entry by its source path, like `respondent/main.ts`. Throws when the client is not built. */
export function entryFiles(entry: string): EntryFiles {
  const manifestPath = join(clientFolder, '.vite', 'manifest.json');
  if (!existsSync(manifestPath)) throw new Error('The client is not built: run `npm run build`.');
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Record<string, ManifestChunk>;
  const chunk = manifest[entry];
  if (!chunk) throw new Error(`The built client has no entry ${entry}.`);
  const styles = new Set<string>(chunk.css);
  const preload = new Set<string>();
  const follow = (imports: readonly string[] = []): void => {
    for (const name of imports) {
      const imported = manifest[name];
      if (!imported || preload.has(imported.file)) continue;
      preload.add(imported.file);
      for (const style of imported.css ?? []) styles.add(style);
      follow(imported.imports);
    }
  };
  follow(chunk.imports);
  return {
    script: `/${chunk.file}`,
    styles: [...styles].map((file) => `/${file}`),
    preload: [...preload].map((file) => `/${file}`),
  };
}

/** Serves hashed files; they never change under one name, so browsers may keep them for a year. */
export function serveAssets(app: Express): void {
  const assets = sirv(join(clientFolder, 'assets'), {
    brotli: true,
    gzip: true,
    immutable: true,
    maxAge: yearInSeconds,
  });
  app.use('/assets', (request, response) => {
    assets(request, response, () => {
      response.status(404).type('text/plain').send('No such file.');
    });
  });
}

/** The workbench answers every page address that nothing else does; its own router does the rest. */
export function serveWorkbench(app: Express): void {
  const page = join(clientFolder, 'workbench', 'index.html');
  app.get('/{*path}', (request: Request, response: Response, next) => {
    if (request.path.startsWith('/api/') || !request.accepts('html')) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(page);
  });
}
