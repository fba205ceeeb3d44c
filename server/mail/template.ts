/**
 * Texts of invitations and reminders with placeholders like `{{name}}`: what may stand in them, and filling them in. Pure;
 * used when a template is saved, shown and sent.
 */
import type { Issue } from '../../instruments/instrument.ts';
import type { Paragraph } from './html.ts';

export interface Template {
  /** One line. */
  readonly subject: string;
  /** Plain text; an empty line ends a paragraph. */
  readonly body: string;
}

/** What a placeholder stands for, said to whoever writes the text. */
export const placeholders = {
  name: 'The name of the person; without one, the line still reads well: put it after the greeting only',
  link: 'The personal link, in a paragraph of its own',
  study: 'The title of the study',
  survey: 'The title of the administration',
  opens: 'The first day on which answers are taken',
  closes: 'The last day on which answers are taken',
  school: 'The name of the school; empty for people outside a school',
  role: 'The role of the person, such as teacher',
  contact: 'Whom to write to, as the information sheet says',
} as const;
export type Placeholder = keyof typeof placeholders;
export type Values = Readonly<Record<Placeholder, string>>;

const anyBraces = /\{\{([^{}\n]*)\}\}/g;

function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(placeholders, name);
}

/** What is wrong with a template, with the line where it is. Empty: it can be sent. */
export function checkTemplate({ subject, body }: Template): Issue[] {
  const issues: Issue[] = [];
  const refuse = (code: string, path: string, message: string) => issues.push({ code, path, message });
  if (/[\r\n]/.test(subject)) refuse('one-line', 'subject', 'The subject must be one line.');
  for (const [path, text] of [['subject', subject] as const, ['body', body] as const]) {
    text.split('\n').forEach((line, at) => {
      const where = path === 'subject' ? 'The subject' : `Line ${at + 1}`;
      for (const [whole, inner = ''] of line.matchAll(anyBraces)) {
        const name = inner.trim();
        if (!isPlaceholder(name)) {
          const known = Object.keys(placeholders).map((one) => `{{${one}}}`);
          refuse(
            'unknown-placeholder',
            path,
            `${where} has ${whole}, which stands for nothing. Known are ${known.join(', ')}.`,
          );
        } else if (name === 'link' && path === 'subject') {
          refuse(
            'link-in-subject',
            path,
            'The link belongs in the text, not in the subject: subjects are shown to passers-by.',
          );
        }
      }
      if (/\{\{|\}\}/.test(line.replace(anyBraces, ''))) {
        refuse('open-braces', path, `${where} has braces that do not close: a placeholder is written like {{name}}.`);
      }
    });
  }
  const paragraphs = paragraphsOf(body);
  const alone = paragraphs.filter((paragraph) => /^\{\{\s*link\s*\}\}$/.test(paragraph));
  const all = body.match(/\{\{\s*link\s*\}\}/g) ?? [];
  if (all.length === 0)
    refuse(
      'link-missing',
      'body',
      'The text must have {{link}} in a paragraph of its own: without it nobody can answer.',
    );
  else if (alone.length !== all.length) {
    refuse('link-not-alone', 'body', 'Put {{link}} in a paragraph of its own, with an empty line before and after it.');
  }
  return issues;
}

/** The template with its values: control characters in a value, as in a name from a file, become spaces. */
export function fillTemplate(
  { subject, body }: Template,
  values: Values,
  linkText: string,
): { subject: string; paragraphs: Paragraph[] } {
  return {
    subject: oneLine(fillIn(subject, values)),
    paragraphs: paragraphsOf(body).flatMap((paragraph) => {
      if (/^\{\{\s*link\s*\}\}$/.test(paragraph)) return [{ text: linkText, href: values.link }];
      const text = tidy(fillIn(paragraph, values));
      return text === '' ? [] : [{ text }];
    }),
  };
}

/** For a header or a line: no control characters, no line ends, no runs of spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim();
}

function fillIn(text: string, values: Values): string {
  return text.replace(anyBraces, (whole, inner: string) => {
    const name = inner.trim();
    return isPlaceholder(name) ? oneLine(values[name]) : whole;
  });
}

/** A missing name or school leaves no space before a comma behind. */
function tidy(paragraph: string): string {
  return paragraph
    .split('\n')
    .map((line) =>
      line
        .replace(/ +([,.;:!?])/g, '$1')
        .replace(/ {2,}/g, ' ')
        .trim(),
    )
    .join('\n')
    .trim();
}

function paragraphsOf(body: string): string[] {
  return body
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}
