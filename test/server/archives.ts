/** Archives made by hand, so that tests can also make such as no program would. Used by the tests of evidence. */
import { crc32 } from 'node:zlib';

/** An archive without compression, the entries in order. */
export function archiveOf(
  entries: Readonly<Record<string, string>>,
  { encrypted = false, listAt }: { readonly encrypted?: boolean; readonly listAt?: number } = {},
): Buffer {
  const bodies: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [named, content] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 1 : 0, 2);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(named.length, 22);
    const body = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, named, content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, rest, named]));
    bodies.push(body);
    at += body.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(list.length, 8);
  end.writeUInt16LE(list.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(listAt ?? at, 16);
  return Buffer.concat([...bodies, ...list, end]);
}
