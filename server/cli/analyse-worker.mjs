/**
 * What a worker thread loads for `fidelis analyse`: the built module, or, when running from source as the tests do, the
 * source through the loader. A thread does not take over its parent's loader, so this file is plain JavaScript.
 */
const fromSource = !import.meta.url.includes('/dist/');
if (fromSource) {
  const { register } = await import('tsx/esm/api');
  register();
}
/** @type {{ analyseFile: (task: unknown) => unknown }} */
const { analyseFile } = await import(fromSource ? './analyse-file.ts' : './analyse-file.js');

export { analyseFile };
