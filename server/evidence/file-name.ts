/** A file's name made harmless for every system that it may be saved on. Pure; called when a file comes in. */
import type { EvidenceKind } from './kinds.ts';

const longest = 80;
/** Control and formatting characters (also those that turn the direction of writing), and what file systems reserve. */
const unwanted = /[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*%;]+/gu;
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * The name without folders, with the ending of what the file is, whatever it was called.
 *
 * @example
 * harmlessName('C:\\reports\\agenda.docx.exe', 'docx') // => 'agenda.docx.docx'
 */
export function harmlessName(given: string, kind: EvidenceKind): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const stem = last
    .replace(/\.[^.]{0,10}$/u, '')
    .replaceAll(unwanted, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[\s.~-]+/u, '')
    .slice(0, longest)
    // Half of a character is none.
    .replace(/\p{Surrogate}/gu, '')
    .replace(/[\s.]+$/u, '');
  const whole = stem === '' ? 'evidence' : devices.test(stem) ? `${stem}_` : stem;
  return `${whole}.${kind}`;
}
