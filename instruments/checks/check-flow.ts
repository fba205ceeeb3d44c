/** Pages and items that nobody can reach, and conditions on what has not been asked yet. */
import type { Logic } from '../logic.ts';
import type { Facts } from '../versions/facts.ts';
import { fault, hint, type InstrumentFinding, listed } from './finding.ts';
import { canHold, codesByName } from './satisfiable.ts';

export function checkFlow({ form }: Facts, logic: Logic): InstrumentFinding[] {
  return [...checkReach(form), ...checkOrder(form, logic)];
}

function checkReach(form: Facts['form']): InstrumentFinding[] {
  const findings: InstrumentFinding[] = [];
  const known = codesByName(form);
  const verdicts = new Map<string, boolean>();
  const reachable = form.questions.map(({ shownIf }) => {
    const texts = shownIf.map(({ text }) => text);
    const key = JSON.stringify(texts);
    const holds = verdicts.get(key) ?? canHold(texts, known);
    verdicts.set(key, holds);
    return holds;
  });
  form.pages.forEach(({ name }, page) => {
    const path = `survey.pages[${page}]`;
    const here = form.questions.flatMap((question, at) => (question.page === page ? [reachable[at]] : []));
    if (here.length === 0) {
      const message = `The page ${name || page + 1} has no question; nobody will see it. Remove it or put questions on it.`;
      findings.push(hint('empty-page', path, null, message));
    } else if (here.every((holds) => !holds)) {
      const message = `Nobody can reach the page ${name || page + 1}: its conditions can never hold. Look at the codes they name.`;
      findings.push(fault('unreachable-page', path, null, message));
    }
  });
  const dead = new Set(findings.map(({ path }) => path));
  form.questions.forEach(({ name, path, page }, at) => {
    if (reachable[at] || dead.has(`survey.pages[${page}]`)) return;
    const message = `${name || 'This'} is never asked: its conditions can never hold. Look at the codes they name.`;
    findings.push(fault('unreachable-item', path, name || null, message));
  });
  return findings;
}

/** Conditions that wait for an answer further on: the item appears behind the reader's back. */
function checkOrder(form: Facts['form'], { dependsOn }: Logic): InstrumentFinding[] {
  const places = new Map(form.questions.map(({ name }, at) => [name, at]));
  return form.questions.flatMap(({ name, path, answer }, at): InstrumentFinding[] => {
    if (answer.kind === 'calculated') return [];
    const later = [...(dependsOn.get(name) ?? [])].filter((key) => !key.includes('.') && (places.get(key) ?? -1) > at);
    if (later.length === 0) return [];
    const message = `${name} depends on ${listed(later)}, which ${later.length === 1 ? 'comes' : 'come'} later: it would appear after the page was read. Move it behind.`;
    return [hint('condition-on-later-item', path, name, message)];
  });
}
