/** How dates, times, addresses and colours are written: the rules of HTML inputs, checked without a clock. */
import type { TextFormat } from './questions.ts';

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/;
const monthPattern = /^(\d{4})-(0[1-9]|1[0-2])$/;
const weekPattern = /^(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])$/;
/** Local part and domain of dotted words; international letters are welcome, quoted local parts are not. */
const emailPattern =
  /^[^\s<>()[\].,;:@"]+(?:\.[^\s<>()[\].,;:@"]+)*@(?:[^\s<>()[\].,;:@"=]+\.)+[^\s<>()[\].,;:@"=]{2,}$/;
const urlPattern = /^https?:\/\/[^\s<>"'\\^`{|}]+$/i;
const telPattern = /^[+(\d][\d\s()./+\-#,]*(?:(?:x|ext)\.? ?\d+)?$/i;
const colorPattern = /^#[0-9a-f]{6}$/i;

/** Whether year, month and day name a day of the Gregorian calendar (year 1 or later). */
export function isCalendarDate(text: string): boolean {
  const match = datePattern.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

/** Whether an ISO year has a week 53: those that begin on a Thursday, and leap years that begin on a Wednesday. */
function hasWeek53(year: number): boolean {
  const endsOn = (y: number): number => (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7;
  return endsOn(year) === 4 || endsOn(year - 1) === 3;
}

/**
 * Whether a text is written as its format wants. Texts of the format `text` and passwords always are.
 *
 * @example
 * isWritten('date', '2024-02-29') // => true
 * isWritten('date', '2023-02-29') // => false
 * isWritten('week', '2020-W53') // => true
 */
export function isWritten(format: TextFormat, text: string): boolean {
  switch (format) {
    case 'date':
      return isCalendarDate(text);
    case 'datetime':
      return text[10] === 'T' && isCalendarDate(text.slice(0, 10)) && timePattern.test(text.slice(11));
    case 'time':
      return timePattern.test(text);
    case 'month':
      return monthPattern.test(text) && !text.startsWith('0000');
    case 'week': {
      const match = weekPattern.exec(text);
      return match !== null && match[1] !== '0000' && (match[2] !== '53' || hasWeek53(Number(match[1])));
    }
    case 'email':
      return text.length <= 320 && emailPattern.test(text);
    case 'url':
      return urlPattern.test(text);
    case 'tel':
      return telPattern.test(text);
    case 'color':
      return colorPattern.test(text);
    case 'text':
    case 'password':
      return true;
  }
}
