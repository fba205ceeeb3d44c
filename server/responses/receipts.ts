/**
 * Receipt codes: the only way back to answers that nothing else leads to, those of anonymous administrations and of links
 * that many share. The code comes from the submission key, which the browser chose at random and nobody stores; the
 * response keeps a hash of the code. So whoever holds the code can withdraw those answers (not read them), and whoever
 * holds the database can neither tell a code nor whose answers they are. Used by the submission and by withdrawals.
 */
import { createHash } from 'node:crypto';
import type { Administration } from '../../instruments/study.ts';
import type { Invitation } from '../invitations/store.ts';

/** Crockford's 32 letters and figures: none that is mistaken for another. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeForm = /^[0-9A-HJKMNP-TV-Z]{16}$/;

/** True where the link alone does not lead to one person's answers. */
export function needsReceipt({ mode }: Pick<Administration, 'mode'>, { person }: Pick<Invitation, 'person'>): boolean {
  return mode === 'anonymous' || person === null;
}

/**
 * The receipt code of a submission: 80 bits in four groups of four.
 *
 * @example
 * receiptCode('b5f9a1f2-6f0e-4c53-9f1c-000000000000').length // => 19
 */
export function receiptCode(key: string): string {
  return grouped(createHash('sha256').update(`receipt|${key}`).digest(), 16);
}

/** What a response keeps of its code; null when the text cannot be a code. */
export function hashReceipt(text: string): string | null {
  const code = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!codeForm.test(code)) return null;
  return createHash('sha256').update(`fidelis-receipt|${code}`).digest('base64url');
}

/** Bytes as letters and figures, five bits each, with a hyphen after every fourth. */
export function grouped(bytes: Uint8Array, length: number): string {
  let [text, held, bits] = ['', 0, 0];
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
  }
  return text.replace(/.{4}(?=.)/g, '$&-');
}
