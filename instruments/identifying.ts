/**
 * Which items of an instrument tell the role of whoever answers, and answers without them. Called by the server for
 * anonymous administrations, where one headteacher a school would be known by that answer alone.
 *
 * An item tells a role when `role` or `roles` is a word of its name (`role`, `role_other`, `programme_roles`), or when two or
 * more of its choices are called like roles of studies. What is asked only after such an answer tells it, too.
 */
import type { Variable } from './codebook.ts';
import type { CompiledInstrument, CompiledQuestion } from './compile.ts';
import { isObject, own } from './json.ts';
import { type Role, roleTitles } from './study.ts';

const titles = new Set(Object.values(roleTitles).map((title) => title.toLowerCase()));

/** Names of the questions that tell a role by themselves, in the order of the survey. */
export function roleQuestions({ questions }: Pick<CompiledInstrument, 'questions'>): string[] {
  return questions.filter(tellsRole).map(({ question }) => question.name);
}

function tellsRole({ question: { name, answer } }: CompiledQuestion): boolean {
  return isCalledRole(name, 'choices' in answer ? answer.choices.list : []);
}

/**
 * Whether a variable of a codebook tells a role, by the same rule.
 *
 * @example
 * isRoleVariable({ name: 'years_role', values: [] }) // => true
 * isRoleVariable({ name: 'parole', values: [{ code: 1, label: 'Yes', missing: false }] }) // => false
 */
export function isRoleVariable({ name, values }: Pick<Variable, 'name' | 'values'>): boolean {
  return isCalledRole(name, values);
}

function isCalledRole(name: string, choices: readonly { readonly label: string }[]): boolean {
  if (name.split('_').some((word) => word === 'role' || word === 'roles')) return true;
  return choices.filter(({ label }) => titles.has(label.trim().toLowerCase())).length >= 2;
}

/**
 * The answers without what tells more of the role than `role` does; null: nothing is told. Kept is a choice that is called
 * like the role, or that says nothing (`missingReason`). The same answers again where nothing is to be left out.
 *
 * @param answers checked ones
 */
export function withoutRole(compiled: CompiledInstrument, answers: unknown, role: Role | null): unknown {
  if (!isObject(answers)) return answers;
  const left = new Set(
    compiled.questions
      .filter((one) => tellsRole(one) && !saysNoMore(one, own(answers, one.question.name), role))
      .map(({ question }) => question.name),
  );
  // In the order of dependence: whatever reads one of these follows it.
  for (const step of compiled.steps) {
    const name = 'question' in step ? step.question.name : step.name;
    for (const read of compiled.dependsOn.get(name) ?? []) if (left.has(read.split('.')[0] ?? read)) left.add(name);
  }
  const entries = Object.entries(answers);
  const kept = entries.filter(([name]) => !left.has(name));
  return kept.length === entries.length ? answers : Object.fromEntries(kept);
}

function saysNoMore({ question: { answer } }: CompiledQuestion, given: unknown, role: Role | null): boolean {
  if (role === null) return false;
  if (given === undefined) return true;
  if (answer.kind !== 'code') return false;
  const choice = answer.choices.list.find(({ code }) => code === given);
  return (
    choice !== undefined &&
    (choice.missing !== null || choice.label.trim().toLowerCase() === roleTitles[role].toLowerCase())
  );
}
