/**
 * What a file is, told by its content: the kinds of evidence that are taken, and nothing else. Names and the types that browsers
 * send are not believed. Pure; called while a file comes in.
 */

/** Extensions of the kinds that are taken. */
export const evidenceKinds = ['pdf', 'jpg', 'png', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp'] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** So many bytes of the beginning and of the end are looked at, whatever the size. */
export const headBytes = 256;
export const tailBytes = 256_000;

const begins = (head: Buffer, bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte);
const signatures: readonly (readonly [EvidenceKind | 'zip', readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['jpg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  // Word, Excel, PowerPoint and OpenDocument are archives; which one, their list of contents tells.
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
];

/** What a file can be by its first bytes; null: nothing that is taken. */
export function kindOfHead(head: Buffer): EvidenceKind | 'zip' | null {
  return signatures.find(([, bytes]) => head.length >= bytes.length && begins(head, bytes))?.[0] ?? null;
}

const officeParts: readonly (readonly [EvidenceKind, string])[] = [
  ['docx', 'word/document.xml'],
  ['xlsx', 'xl/workbook.xml'],
  ['pptx', 'ppt/presentation.xml'],
];
const openTypes: Readonly<Record<string, EvidenceKind>> = { text: 'odt', spreadsheet: 'ods', presentation: 'odp' };

/**
 * Which document an archive is; null: none that is taken, such as a plain archive, one with macros, one behind a password, or one
 * that is cut short.
 * @param tail the last `tailBytes` of the file, or all of it
 * @param bytes how many the file has
 */
export function kindOfArchive(head: Buffer, tail: Buffer, bytes: number): EvidenceKind | null {
  const names = archiveNames(tail, bytes);
  if (!names || names.some((name) => /vbaproject|(^|\/)(basic|scripts)\//i.test(name))) return null;
  if (names[0] === 'mimetype') {
    // OpenDocument says first, and without compression, what it is.
    const said = /^mimetypeapplication\/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)PK/.exec(
      head.subarray(30).toString('latin1'),
    );
    return openTypes[said?.[1] ?? ''] ?? null;
  }
  if (!names.includes('[Content_Types].xml')) return null;
  return officeParts.find(([, part]) => names.includes(part))?.[0] ?? null;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endLength = 22;
const mostEntries = 10_000;

/** The names in an archive's list of contents; null where the list is missing, or a part is encrypted. */
function archiveNames(tail: Buffer, bytes: number): string[] | null {
  let end = tail.length - endLength;
  while (
    end >= 0 &&
    !(tail.readUInt32LE(end) === endSignature && end + endLength + tail.readUInt16LE(end + 20) === tail.length)
  )
    end -= 1;
  if (end < 0) return null;
  const count = tail.readUInt16LE(end + 10);
  let at = tail.readUInt32LE(end + 16) - (bytes - tail.length);
  if (at < 0 || count > mostEntries) return null;
  const names: string[] = [];
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > end || tail.readUInt32LE(at) !== entrySignature || (tail.readUInt16LE(at + 8) & 1) === 1) return null;
    const [name, extra, comment] = [28, 30, 32].map((offset) => tail.readUInt16LE(at + offset));
    names.push(tail.subarray(at + 46, at + 46 + (name ?? 0)).toString('utf8'));
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return names;
}
