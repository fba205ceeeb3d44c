/** Where in a fidelity model an issue lies: at which field of a form, and in which words. Used by the page of a model. */
import type { FidelityModel } from '../../../../instruments/fidelity-model.ts';
import type { Issue } from '../../../../instruments/instrument.ts';

/** Of a path in the request or in the model, what lies below a part of it; null for what lies elsewhere. */
function below(path: string, part: string): string | null {
  const own = path.replace(/^body\.(model\.)?/, '');
  if (part === '' || own === part) return part === '' ? own : '';
  return own.startsWith(`${part}.`) ? own.slice(part.length + 1) : null;
}

/** The issues of a part. */
export function issuesOf(issues: readonly Issue[], part: string): readonly Issue[] {
  return issues.filter(({ path }) => below(path, part) !== null);
}

/**
 * The field that a path is about: of its name, of a name above it, or the first one below it; null for none.
 *
 * @example
 * fieldOf('source.where.0.variable', ['source.day', 'source.where']) // => 'source.where'
 * fieldOf('expected', ['weight', 'expected.count', 'expected.to.day']) // => 'expected.count'
 */
export function fieldOf(path: string, fields: readonly string[]): string | null {
  const parts = path.split('.').filter(Boolean);
  for (let length = parts.length; length > 0; length -= 1) {
    const name = parts.slice(0, length).join('.');
    const found = fields.includes(name) ? name : fields.find((field) => field.startsWith(`${name}.`));
    if (found !== undefined) return found;
  }
  return null;
}

/** From the path of an issue to a field of the form of a part. */
export const fieldIn =
  (part: string) =>
  (path: string, fields: readonly string[]): string | null => {
    const own = below(path, part);
    return own === null ? null : fieldOf(own, fields);
  };

const parts: Readonly<Record<string, string>> = {
  index: 'Index',
  compliance: 'Compliance',
  usualPractice: 'Usual practice',
  adaptations: 'Adaptations',
  cycles: 'Cycles',
  components: 'Components',
  comparisons: 'Comparisons',
};

/** The part that an issue is about, in words. */
export function placeOf(path: string, model: FidelityModel): string {
  const [list = '', at = 'none'] = path.split('.');
  const lists = { cycles: model.cycles, components: model.components, comparisons: model.comparisons };
  const entry = list === 'cycles' || list === 'components' || list === 'comparisons' ? lists[list][Number(at)] : null;
  return entry ? `${parts[list]}: ${entry.title}` : (parts[list] ?? 'Model');
}
