/** The blank instrument on paper: what stands there reads as it was written, and says who is asked what. */
import { expect, test } from 'vitest';
import { paperOf } from '../../instruments/paper.ts';
import { accepted, pageOf } from './build.ts';

const choices = [
  { value: 1, text: 'Yes' },
  { value: 2, text: 'No', visibleIf: '{role} > 1' },
];
const role = { type: 'radiogroup', name: 'role', title: 'Role', choices: [1, 2, 3] };
const rows = [
  { value: 'lead', text: 'I lead.', visibleIf: '{role} = 3' },
  { value: 'teach', text: 'I teach.' },
];
const matrix = { type: 'matrix', name: 'work', title: 'Work', visibleIf: '{role} < 9', columns: [1, 2], rows };
const asked = { type: 'radiogroup', name: 'asked', title: 'Asked?', choices };

const html = (survey: object) => paperOf(accepted({ ...pageOf(role, matrix, asked), ...survey })).html;
const between = (text: string, start: string, end: string) => text.split(start)[1]?.split(end)[0] ?? '';

test('signs in the heading are escaped once', () => {
  expect(between(html({ title: 'Trust & "care" < 5' }), '<h1>', '</h1>')).toBe('Trust &amp; &quot;care&quot; &lt; 5');
  const named = paperOf({ ...accepted(pageOf(role)), title: 'A & B' }).html;
  expect(between(named, '<h1>', '</h1>')).toBe('A &amp; B');
  expect(between(named, '<title>', '</title>')).toContain('A &amp; B');
});

test('the condition of a question stands at its head, those of rows and options behind their words', () => {
  const page = html({});
  const table = between(page, '<table>', '</table>');
  expect(between(page, '2. Work</h3>', '<table>')).toContain('Only if role &lt; 9');
  expect(between(page, '2. Work</h3>', '<table>')).not.toContain('role = 3');
  expect(between(table, 'I lead.', '</th>')).toContain('Only if role = 3');
  expect(between(table, 'I teach.', '</th>')).not.toContain('Only if');
  expect(between(page, '3. Asked?</h3>', '</ul>')).toMatch(/No <small class="when">\(Only if role &gt; 1\)/);
});
