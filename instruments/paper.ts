/**
 * A blank instrument as a page to print: every question in order, the conditions in words, boxes to tick and lines to write on,
 * and in the margin the variables with their codes, for whoever types the answers in. Plain HTML with headings, lists and
 * tables, so that the PDF made of it is tagged for screen readers. Called by `fidelis instruments export --to pdf`.
 */
import type { Instrument } from './instrument.ts';
import { directionOf } from './languages.ts';
import type { Answer, Expression, Question } from './questions.ts';
import { factsOf, type ItemFact, type OptionFact, partAt } from './versions/facts.ts';
import { firstOf, type Words, wordsOf } from './versions/words.ts';

const css = `
@page { size: A4; margin: 16mm 14mm 18mm; }
* { box-sizing: border-box; }
body { font: 10.5pt/1.4 "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #111; margin: 0; }
h1 { font-size: 17pt; margin: 0 0 2mm; } h2 { font-size: 13pt; margin: 7mm 0 2mm; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 0 0 1mm; break-after: avoid; }
.note { color: #333; margin: 0 0 2mm; } .when { font-style: italic; margin: 0 0 1mm; }
.question { display: grid; grid-template-columns: 1fr 34mm; column-gap: 6mm; padding: 3mm 0; border-top: 0.3pt solid #999; break-inside: avoid; }
.codes { font: 8pt/1.35 "DejaVu Sans Mono", monospace; color: #333; border-inline-start: 0.3pt solid #999; padding-inline-start: 3mm; overflow-wrap: anywhere; }
.codes p { margin: 0 0 1mm; } ul { list-style: none; margin: 0; padding: 0; } li { margin: 0.6mm 0; break-inside: avoid; }
.box { display: inline-block; width: 3.4mm; height: 3.4mm; border: 0.8pt solid #111; margin-inline-end: 2mm; vertical-align: -0.4mm; }
.ring { border-radius: 50%; } .line { border-bottom: 0.6pt solid #111; height: 7mm; } .area .line { height: 8mm; }
.short { max-width: 45mm; } table { border-collapse: collapse; width: 100%; } caption { text-align: start; font-weight: bold; padding-bottom: 1mm; }
th, td { border-bottom: 0.3pt solid #999; padding: 1.2mm 1mm; font-weight: normal; vertical-align: bottom; } td { text-align: center; }
tbody th { text-align: start; width: 46%; } thead th { font-size: 8.5pt; } tr { break-inside: avoid; } .wide { grid-template-columns: 1fr; }
.wide .codes { border: 0; padding: 1mm 0 0; } footer { margin-top: 8mm; font-size: 8pt; color: #333; }
`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const plain = (text: string): string =>
  text
    .replace(/<[^<>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();

const onlyIf = (condition: string): string => `Only if ${escaped(condition.replaceAll(/[{}]/g, ''))}`;

const conditionOf = (expressions: readonly Expression[]): string => {
  const texts = expressions.map(({ text }) => text.trim());
  return texts.length > 1 ? texts.map((text) => `(${text})`).join(' and ') : (texts[0] ?? '');
};

type Rows = Extract<Answer, { readonly kind: 'matrix' }>['rows'];
const rowsOf = (answer: Answer): Rows | null => (answer.kind === 'matrix' ? answer.rows : null);

export interface Paper {
  readonly html: string;
  readonly title: string;
}

/** @param language one of the instrument's; the first, unless told */
export function paperOf(instrument: Instrument, language: string = instrument.languages[0] ?? 'en'): Paper {
  const printer = new Printer(instrument, language);
  const title = `${instrument.title}, version ${instrument.version}`;
  const body = printer.pages().join('\n');
  const html = `<!doctype html><html lang="${language}" dir="${directionOf(language)}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${css}</style></head><body><main><h1>${printer.heading()}</h1>${printer.opening()}${body}</main><footer><p>${escaped(`${instrument.id}@${instrument.version}. ${instrument.permission.note}`)}</p></footer></body></html>`;
  return { html, title };
}

class Printer {
  readonly #instrument: Instrument;
  readonly #language: string;
  readonly #byQuestion = new Map<string, ItemFact[]>();
  readonly #facts;
  #number = 0;

  constructor(instrument: Instrument, language: string) {
    this.#instrument = instrument;
    this.#language = language;
    this.#facts = factsOf(instrument);
    for (const item of this.#facts.items) {
      const key = item.table === '' ? item.question : item.table;
      this.#byQuestion.set(key, [...(this.#byQuestion.get(key) ?? []), item]);
    }
  }

  private words(words: Words): string {
    return escaped(plain((words[this.#language] ?? '') || firstOf(words)));
  }

  private at(path: string, key: string): string {
    return this.words(wordsOf(partAt(this.#instrument, path)[key], this.#instrument.languages));
  }

  /** As HTML, like all that stands in the form. */
  heading(): string {
    return this.at('survey', 'title') || escaped(this.#instrument.title);
  }

  opening(): string {
    const description = this.at('survey', 'description');
    return description === '' ? '' : `<p class="note">${description}</p>`;
  }

  pages(): string[] {
    return this.#facts.form.pages.map((_, page) => {
      const path = `survey.pages[${page}]`;
      const title = this.at(path, 'title') || `Part ${page + 1}`;
      const description = this.at(path, 'description');
      const questions = this.#facts.form.questions.filter((question) => question.page === page);
      const shown = questions.map((question) =>
        question.answer.kind === 'none'
          ? `<p class="note">${this.at(question.path, 'html')}</p>`
          : this.question(this.#byQuestion.get(question.name) ?? [], question),
      );
      return `<section><h2>${title}</h2>${description === '' ? '' : `<p class="note">${description}</p>`}${shown.join('\n')}</section>`;
    });
  }

  /** Conditions name variables as they stand in the margin. */
  private when(condition: string): string {
    return condition === '' ? '' : `<p class="when">${onlyIf(condition)}</p>`;
  }

  /** Of a row or an option, behind its words. */
  private within(condition: string): string {
    return condition === '' ? '' : ` <small class="when">(${onlyIf(condition)})</small>`;
  }

  private codes(items: readonly ItemFact[]): string {
    const [first] = items;
    if (!first) return '';
    const names = items.map(({ name }) => name);
    const shownNames = names.length > 12 ? [...names.slice(0, 11), `… ${names.at(-1) ?? ''}`] : names;
    const options = first.choice === null && !first.bare ? first.options : [];
    const values = options.map(({ code, missing }) => (missing ? `${code} (${missing})` : `${code}`)).join(' ');
    const { range } = first.variable;
    const limits = options.length === 0 && range && first.choice === null ? `${range.min}–${range.max}` : '';
    return `<div class="codes" role="note" aria-label="Variables and codes"><p>${escaped(shownNames.join(' '))}</p>${values || limits ? `<p>${escaped(values || limits)}</p>` : ''}</div>`;
  }

  private question(items: readonly ItemFact[], { path, answer, shownIf, enabledIf }: Question): string {
    const asked = items.filter(({ variable }) => variable.origin === 'asked');
    const [first] = asked;
    if (!first) return '';
    this.#number += 1;
    const title = this.at(path, 'title') || this.words(first.wording);
    const note = this.at(path, 'description');
    const head = `<h3>${this.#number}. ${title}</h3>${this.when(conditionOf([...shownIf, ...enabledIf]))}${note === '' ? '' : `<p class="note">${note}</p>`}`;
    const wide = first.questionType === 'matrix' || first.questionType === 'matrixdropdown' || first.table !== '';
    return `<div class="question${wide ? ' wide' : ''}"><div>${head}${this.answer(asked, rowsOf(answer))}</div>${this.codes(asked)}</div>`;
  }

  private answer(items: readonly ItemFact[], rows: Rows | null): string {
    const [first] = items;
    if (!first) return '';
    if (first.questionType === 'matrix') return this.matrix(items, rows);
    if (
      items.some(({ table }) => table !== '') ||
      first.questionType === 'matrixdynamic' ||
      first.questionType === 'paneldynamic'
    )
      return this.table(items);
    if (first.questionType === 'ranking') {
      return `<ul>${items.map(({ wording }) => `<li><span class="box"></span>${this.words(wording)}</li>`).join('')}</ul><p class="note">Write 1 for the first, 2 for the second, and so on.</p>`;
    }
    if (first.choice !== null)
      return `<ul>${items.map(({ wording }) => `<li><span class="box"></span>${this.words(wording)}</li>`).join('')}</ul>`;
    if (items.length > 1) return items.map((item) => `<p>${this.words(item.wording)}</p>${this.one(item)}`).join('');
    return this.one(first);
  }

  private one(item: ItemFact): string {
    if (item.options.length > 0) return this.options(item.options);
    if (item.questionType === 'comment') return `<div class="area">${'<div class="line"></div>'.repeat(4)}</div>`;
    const short = item.variable.type !== 'text';
    return `<div class="line${short ? ' short' : ''}"></div>`;
  }

  private options(options: readonly OptionFact[]): string {
    const shown = options.map(
      ({ words, condition }) => `<li><span class="box ring"></span>${this.words(words)}${this.within(condition)}</li>`,
    );
    return `<ul>${shown.join('')}</ul>`;
  }

  private matrix(items: readonly ItemFact[], asked: Rows | null): string {
    const options = items[0]?.options ?? [];
    // As on the screen: a row's own condition takes the place of the one for all.
    const conditions = new Map(
      (asked?.list ?? []).map(({ name, shownIf }) => [name, (shownIf ?? asked?.shownIf)?.text ?? '']),
    );
    const head = options.map(({ words }) => `<th scope="col">${this.words(words)}</th>`).join('');
    const rows = items.map(
      ({ name, wording }) =>
        `<tr><th scope="row">${this.words(wording)} <small>(${escaped(name)})</small>${this.within(conditions.get(name) ?? '')}</th>${options.map(() => '<td><span class="box ring"></span></td>').join('')}</tr>`,
    );
    return `<table><thead><tr><th scope="col">Statement</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
  }

  /** Entries that repeat: a table with a row for each of the first four. */
  private table(items: readonly ItemFact[]): string {
    const columns = items.filter(({ table, choice }) => table !== '' && choice === null);
    const boxes = items.filter(({ table, choice }) => table !== '' && choice !== null);
    const head = [...columns, ...boxes]
      .map(
        ({ stem, wording, choice }) =>
          `<th scope="col">${choice === null ? this.words(wording) : `${this.words(stem)}: ${this.words(wording)}`}</th>`,
      )
      .join('');
    const line = `<tr>${[...columns, ...boxes].map(({ choice }) => (choice === null ? '<td><div class="line"></div></td>' : '<td><span class="box"></span></td>')).join('')}</tr>`;
    const keys = columns
      .filter(({ options }) => options.length > 0)
      .map(
        ({ wording, options }) =>
          `<p class="note">${this.words(wording)}: ${options.map(({ code, words }) => `${code} = ${this.words(words)}`).join('; ')}</p>`,
      );
    return `<table><thead><tr>${head}</tr></thead><tbody>${line.repeat(4)}</tbody></table>${keys.join('')}`;
  }
}
