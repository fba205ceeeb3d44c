/**
 * The built client: hashed files under /assets, the workbench page, and the names that the respondent's page needs. It
 * may be built anew under a running server, so every file can be gone at any moment. Mounted by app.ts.
 */
import { readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Express, Request, Response } from 'express';
import { isWorkbenchPage } from './addresses.ts';
import { packageRoot } from './package-root.ts';
import { Problem } from './problems.ts';

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

/** The files of an entry by its source path, like `respondent/main.ts`. Throws `pages-not-built`. */
export function entryFiles(entry: string): EntryFiles {
  const manifest = readManifest();
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

function readManifest(): Record<string, ManifestChunk> {
  try {
    return JSON.parse(readFileSync(join(clientFolder, '.vite', 'manifest.json'), 'utf8'));
  } catch (error) {
    throw notBuilt(error);
  }
}

function notBuilt(cause: unknown): Problem {
  return new Problem('pages-not-built', { retryAfterSeconds: 5, cause });
}

/** The compressed copies that the build leaves beside a file, the smallest first. */
const copies = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const;

/** Serves hashed files; they never change under one name, so browsers may keep them for a year. */
export function serveAssets(app: Express, folder = clientFolder): void {
  const root = join(folder, 'assets');
  app.use('/assets', async (request, response) => {
    const name = request.path.slice(1);
    if (!/^[\w-][\w.-]*$/.test(name)) return noSuchFile(response);
    const { file, encoding } = await copyFor(request, root, name);
    const headers = encoding === null ? {} : { 'Content-Encoding': encoding };
    response.vary('Accept-Encoding').type(extname(name));
    response.sendFile(file, { root, headers, immutable: true, maxAge: yearInSeconds * 1000 }, (error) => {
      if (!error) return;
      if (response.headersSent || response.closed) response.destroy();
      else noSuchFile(response);
    });
  });
}

/** The smallest copy of a file that this browser can read. */
async function copyFor(
  request: Request,
  root: string,
  name: string,
): Promise<{ file: string; encoding: string | null }> {
  const accepted = request.acceptsEncodings();
  for (const { encoding, ending } of copies) {
    if (!accepted.includes(encoding)) continue;
    try {
      await access(join(root, name + ending));
      return { file: name + ending, encoding };
    } catch {
      // No such copy: it would have saved nothing.
    }
  }
  return { file: name, encoding: null };
}

function noSuchFile(response: Response): void {
  response.status(404).set('Cache-Control', 'no-store').type('text/plain').send('No such file.');
}

/** Sends a file of the built client; rejects with `pages-not-built` when it is not there. */
export function sendBuilt(response: Response, name: string, root = clientFolder): Promise<void> {
  return new Promise((resolve, reject) => {
    // Below a root: a folder above it whose name begins with a dot would hide a file that is named by its whole path.
    response.sendFile(name, { root }, (error) => {
      if (error && !response.headersSent && !response.closed) return reject(notBuilt(error));
      // Begun, or nobody waits for it any more.
      if (error) response.destroy();
      resolve();
    });
  });
}

/**
 * The workbench's page at every address of it; at any other, with the status 404, for its router to say so. A name with
 * an ending is a file's, and no page.
 */
export function serveWorkbench(app: Express, folder = clientFolder): void {
  const root = join(folder, 'workbench');
  app.get('/{*path}', async (request: Request, response: Response, next) => {
    const isPage = isWorkbenchPage(request.path);
    const isFile = !isPage && extname(request.path) !== '';
    if (isFile || request.path.startsWith('/api/') || !request.accepts('html')) return next();
    response.status(isPage ? 200 : 404).set('Cache-Control', 'no-cache');
    await sendBuilt(response, 'index.html', root);
  });
}
