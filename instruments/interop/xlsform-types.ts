/** The question types of XLSForm, in all their spellings, and what becomes of each. */

export type XlsType =
  | { readonly kind: 'open'; readonly what: 'group' | 'repeat' }
  | { readonly kind: 'close'; readonly what: 'group' | 'repeat' }
  | { readonly kind: 'select'; readonly several: boolean; readonly list: string; readonly other: boolean }
  | { readonly kind: 'rank'; readonly list: string }
  | {
      readonly kind: 'question';
      readonly json: Readonly<Record<string, unknown>>;
      readonly value: 'number' | 'text' | 'boolean';
    }
  | { readonly kind: 'note' }
  | { readonly kind: 'calculate' }
  | { readonly kind: 'range' }
  | { readonly kind: 'left-out'; readonly why: string };

const text = (inputType?: string): XlsType => ({
  kind: 'question',
  json: inputType ? { type: 'text', inputType } : { type: 'text' },
  value: 'text',
});

const questions: Readonly<Record<string, XlsType>> = {
  text: text(),
  string: text(),
  integer: { kind: 'question', json: { type: 'text', inputType: 'number', step: 1 }, value: 'number' },
  int: { kind: 'question', json: { type: 'text', inputType: 'number', step: 1 }, value: 'number' },
  decimal: { kind: 'question', json: { type: 'text', inputType: 'number' }, value: 'number' },
  date: text('date'),
  time: text('time'),
  datetime: text('datetime-local'),
  'date time': text('datetime-local'),
  'phone number': text('tel'),
  acknowledge: { kind: 'question', json: { type: 'boolean', renderAs: 'checkbox' }, value: 'boolean' },
  trigger: { kind: 'question', json: { type: 'boolean', renderAs: 'checkbox' }, value: 'boolean' },
  note: { kind: 'note' },
  calculate: { kind: 'calculate' },
  range: { kind: 'range' },
};

const metadata =
  'The device fills it in by itself. Fidelis keeps times and kinds of device apart from answers, and no identity of a device.';
const place = 'Places on a map are not asked: they tell who somebody is.';
const file = 'Files, pictures, sounds and films are not taken as answers: they cannot be coded.';
const leftOut: Readonly<Record<string, string>> = {
  ...{ start: metadata, end: metadata, today: metadata, deviceid: metadata, 'uri:deviceid': metadata, imei: metadata },
  ...{
    simserial: metadata,
    subscriberid: metadata,
    phonenumber: metadata,
    'uri:phonenumber': metadata,
    username: metadata,
  },
  ...{ 'uri:username': metadata, email: metadata, 'uri:email': metadata, audit: metadata, 'start-geopoint': place },
  ...{ geopoint: place, geotrace: place, geoshape: place, location: place, 'background-geopoint': place },
  ...{ image: file, photo: file, audio: file, video: file, file, 'background-audio': file, signature: file },
  barcode: 'A barcode needs a scanner; ask for the number as a text.',
  hidden: 'Nobody sees it; compute it in an expression question.',
  'xml-external': 'Nothing is loaded from other files.',
  'csv-external': 'Nothing is loaded from other files.',
};

/** Reads the cell `type`; null where it is none that is known. */
export function typeOf(cell: string): XlsType | null {
  const type = cell.trim().replace(/\s+/g, ' ');
  const lower = type.toLowerCase();
  const bracket = /^(begin|end)[ _]?(group|repeat|lgroup|looped group)$/.exec(lower);
  if (bracket) {
    const what = bracket[2] === 'group' ? 'group' : 'repeat';
    return { kind: bracket[1] === 'begin' ? 'open' : 'close', what };
  }
  if (/^select(_one|_multiple|1)?[ _]from[ _]file\b|^select_(one|multiple)_(from_file|external)\b/.test(lower)) {
    return { kind: 'left-out', why: 'Its choices stand in another file; write them on the sheet "choices".' };
  }
  const select =
    /^(?:select[ _]one(?: from)?|select1|select[ _]multiple(?: from)?|select all that apply(?: from)?|select all) (\S+)( or[ _]other| or specify other)?$/i.exec(
      type,
    );
  if (select) {
    const several = /^(select[ _]multiple|select all)/i.test(type);
    return { kind: 'select', several, list: select[1] ?? '', other: select[2] !== undefined };
  }
  const rank = /^rank (\S+)$/i.exec(type);
  if (rank) return { kind: 'rank', list: rank[1] ?? '' };
  if (Object.hasOwn(questions, lower)) return questions[lower] ?? null;
  const why = Object.hasOwn(leftOut, lower) ? leftOut[lower] : undefined;
  return why === undefined ? null : { kind: 'left-out', why };
}
