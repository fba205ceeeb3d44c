/** Texts of messages by themselves, and the clock by which they go out. */
import { describe, expect, test } from 'vitest';
import { checkTemplate, fillTemplate } from '../../server/mail/template.ts';
import { instantOf, localTime } from '../../server/mail/wall-clock.ts';
import { defaultTemplates, shippedLanguages, templateKinds } from '../../server/mail/words.ts';

describe('texts', () => {
  test('that ship say nothing that is not known', () => {
    for (const language of shippedLanguages) {
      for (const kind of templateKinds) expect(checkTemplate(defaultTemplates[language][kind])).toEqual([]);
    }
  });

  test('are refused with the place of what is wrong', () => {
    const codes = (subject: string, body: string) => checkTemplate({ subject, body }).map(({ code }) => code);
    expect(codes('Hi', 'Hello')).toEqual(['link-missing']);
    expect(codes('Hi', 'See {{link}} now')).toEqual(['link-not-alone']);
    expect(codes('To {{link}}', '{{link}}')).toEqual(['link-in-subject']);
    expect(codes('Hi', 'Hello {{nmae}}\n\n{{link}}\n\n{{constructor}}')).toEqual([
      'unknown-placeholder',
      'unknown-placeholder',
    ]);
    expect(codes('Hi {{name', '{{link}}')).toEqual(['open-braces']);
    expect(checkTemplate({ subject: 'Hi', body: 'Hello\n{{wrong}}\n\n{{link}}' })[0]?.message).toContain('Line 2');
  });

  test('lose the gap that a missing name leaves', () => {
    const values = {
      name: '',
      link: 'L',
      study: 's',
      survey: 'v',
      opens: 'o',
      closes: 'c',
      school: '',
      role: 'r',
      contact: 't',
    };
    const { paragraphs } = fillTemplate(
      { subject: 'x', body: 'Hello {{name}},\n\n{{school}}\n\n{{link}}' },
      values,
      'Open',
    );
    expect(paragraphs).toEqual([{ text: 'Hello,' }, { text: 'Open', href: 'L' }]);
  });
});

describe('the study’s clock', () => {
  test('is read right on the days when clocks change', () => {
    const at = (local: string) => instantOf('Europe/London', local).toISOString().slice(0, 16);
    expect(at('2026-03-29T00:59')).toBe('2026-03-29T00:59');
    // There is no half past one that morning: as much later as the clocks skip.
    expect(at('2026-03-29T01:30')).toBe('2026-03-29T01:30');
    expect(at('2026-03-29T02:00')).toBe('2026-03-29T01:00');
    // Half past one comes twice in autumn: the first.
    expect(at('2026-10-25T01:30')).toBe('2026-10-25T00:30');
    expect(at('2026-10-25T02:00')).toBe('2026-10-25T02:00');
    expect(instantOf('Asia/Kathmandu', '2026-05-01T00:00').toISOString()).toBe('2026-04-30T18:15:00.000Z');
    expect(localTime('Europe/London', new Date('2026-07-01T08:00:00Z'))).toBe('2026-07-01T09:00');
  });
});
