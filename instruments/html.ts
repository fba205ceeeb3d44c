/**
 * The HTML that an instrument may show: a short allow-list without attributes that could load or run anything.
 * The readers of instruments call `htmlProblem` on every property that SurveyJS writes into the page as HTML.
 */

const elements: ReadonlySet<string> = new Set([
  ...['p', 'div', 'span', 'br', 'hr', 'h2', 'h3', 'h4', 'blockquote', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...[
    'a',
    'b',
    'strong',
    'i',
    'em',
    'u',
    'small',
    'sub',
    'sup',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'caption',
  ],
]);
const empty: ReadonlySet<string> = new Set(['br', 'hr']);

/** A tag as we accept it; anything else that begins with `<` is refused, so no browser's leniency can be used. */
const openTag = /^<([a-z][a-z0-9]*)((?: [a-z]+="[^"<>]*")*) ?(\/?)>/;
const closeTag = /^<\/([a-z][a-z0-9]*)>/;
const attribute = / ([a-z]+)="([^"<>]*)"/g;

function attributeProblem(element: string, name: string, value: string): string | null {
  if (name === 'lang' && /^[A-Za-z-]{2,12}$/.test(value)) return null;
  if (name === 'dir' && (value === 'ltr' || value === 'rtl' || value === 'auto')) return null;
  if (element === 'a' && name === 'href') {
    if (/^(https:\/\/|mailto:)[\w.~:/?#@!$&'()*+,;=%-]+$/.test(value)) return null;
    return 'a link must begin with https:// or mailto:';
  }
  if ((element === 'td' || element === 'th') && /^(colspan|rowspan)$/.test(name) && /^\d{1,2}$/.test(value))
    return null;
  if (element === 'th' && name === 'scope' && /^(row|col)$/.test(value)) return null;
  return `the attribute ${name} of <${element}> is not allowed`;
}

/**
 * What is wrong with a piece of HTML, or null when nothing is.
 *
 * @example
 * htmlProblem('<p>Thank <strong>you</strong>.</p>') // => null
 * htmlProblem('<script>') // => 'the element <script> is not allowed'
 */
export function htmlProblem(html: string): string | null {
  const open: string[] = [];
  let rest = html;
  for (;;) {
    const at = rest.indexOf('<');
    if (at < 0) break;
    rest = rest.slice(at);
    const opened = openTag.exec(rest);
    const closed = opened ? null : closeTag.exec(rest);
    if (opened) {
      const [tag, name = '', attributes = '', slash] = opened;
      if (!elements.has(name)) return `the element <${name}> is not allowed`;
      for (const [, key = '', value = ''] of attributes.matchAll(attribute)) {
        const problem = attributeProblem(name, key, value);
        if (problem) return problem;
      }
      if (empty.has(name)) {
        // nothing to close
      } else if (slash) return `<${name}> must be closed by </${name}>`;
      else open.push(name);
      if (open.length > 50) return 'elements are nested too deeply';
      rest = rest.slice(tag.length);
    } else if (closed) {
      const [tag, name = ''] = closed;
      const expected = open.pop();
      if (expected !== name) return `</${name}> closes ${expected ? `<${expected}>` : 'nothing'}`;
      rest = rest.slice(tag.length);
    } else {
      return `"${rest.slice(0, 20)}" is not allowed: write &lt; for a plain <, tags in lower case, attributes in double quotes`;
    }
  }
  const unclosed = open.pop();
  return unclosed ? `<${unclosed}> is not closed` : null;
}
