/** Hands a file made in the browser to the person; called by the save buttons of tables and charts. */

export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken the content over once the click has been handled; a later turn is soon enough to let go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * A file name from parts: lower case letters, digits and single hyphens.
 *
 * @example
 * fileName(['demo', 'Trust – end', 'alpha'], 'csv') // => 'demo-trust-end-alpha.csv'
 */
export function fileName(parts: readonly string[], extension: string): string {
  const stem = parts
    .join('-')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${stem || 'file'}.${extension}`;
}
