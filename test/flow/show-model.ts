/**
 * The Schools Partnership Programme as an evaluator types it into the pages of the fidelity model: components in order after
 * the public description of the programme. Used by fidelity-show.test.ts.
 */
import type { Page } from 'playwright-core';

/** What is typed into the form of a component; choices by their titles. */
interface Typed {
  readonly name: string;
  readonly level: 'cluster' | 'school';
  readonly dimension: string;
  readonly core?: 'No';
  readonly weight: string;
  readonly cycles: readonly ('First cycle' | 'Second cycle')[];
  readonly after?: string;
  /** Last expected day, in days from the beginning of the cycle; none: nothing is expected by day. */
  readonly within: number | null;
  readonly duration?: string;
  readonly list?: 'events' | 'attendance';
  readonly where?: string;
  readonly day: string;
  readonly school?: string;
  readonly rule: 'count' | 'thresholds' | 'proportion';
  /** Fields of the rule by their labels. */
  readonly rules?: Readonly<Record<string, string>>;
}

const both = ['First cycle', 'Second cycle'] as const;
const held = 'ev_held = 1, 2';

const training = (day: 1 | 2 | 3 | 4, within: number): Typed => ({
  ...{ name: `Training day ${day}`, level: 'cluster', dimension: 'exposure', weight: '0.1', within, duration: '1' },
  ...{ cycles: [day <= 2 ? both[0] : both[1]], after: day === 1 ? 'Cluster formed' : `Training day ${day - 1}` },
  ...{ list: 'events', where: `ev_kind = 4\n${held}\nev_training_day = ${day}`, day: 'ev_date' },
  ...{ rule: 'count', rules: { 'Variable with the days it took': 'ev_days' } },
});

const atSchool = (
  name: string,
  kind: 1 | 2 | 3,
  more: Pick<Typed, 'cycles' | 'after' | 'weight'> & Partial<Typed>,
): Typed => ({
  ...{ name, level: 'school', dimension: 'adherence', within: 175, rule: 'count' },
  ...{ list: 'events', where: `ev_kind = ${kind}\n${held}`, day: 'ev_date', school: 'ev_school' },
  ...more,
});

const inDays = { duration: '1', rules: { 'Variable with the days it took': 'ev_days' } };

/** Weights: .05 + .05 + 4 × .1 + .15 + .1 + .1 + .1 + .05 = 1. */
const components: readonly Typed[] = [
  {
    ...{ name: 'Cluster formed', level: 'cluster', dimension: 'adherence', weight: '0.05', within: null },
    ...{ cycles: [both[0]], day: 'period_end', rule: 'thresholds' },
    rules: { Figure: 'highest', Variable: 'cluster_schools', Steps: '2 = 0.5\n3 = 1\n8 = 0.5' },
  },
  {
    ...{ name: 'Improvement Champions', level: 'school', dimension: 'adherence', weight: '0.05', within: null },
    ...{ cycles: [both[0]], after: 'Cluster formed', list: 'attendance', day: 'period_end', school: 'at_school' },
    ...{ rule: 'thresholds', rules: { Figure: 'highest', Variable: 'at_champions', Steps: '1 = 1' } },
  },
  training(1, 120),
  training(2, 190),
  training(3, 100),
  training(4, 150),
  atSchool('Self-review', 1, { cycles: both, after: 'Cluster formed', weight: '0.15' }),
  atSchool('Peer review 1', 2, { cycles: [both[0]], after: 'Self-review', weight: '0.1', ...inDays }),
  atSchool('Peer review 2', 2, { cycles: [both[1]], after: 'Peer review 1', weight: '0.1', ...inDays }),
  atSchool('Improvement workshop', 3, { cycles: both, after: 'Peer review 1', weight: '0.1' }),
  atSchool('Follow-up support', 3, {
    ...{ cycles: both, after: 'Improvement workshop', weight: '0.05', core: 'No', within: null },
    ...{ rule: 'proportion', rules: { Condition: 'ev_led_by = 1, 2' } },
  }),
];

/** Builds the whole model from a blank one, publishes and locks it. */
export async function buildModel(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
  const save = async () => {
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await press('Begin with a blank model');
  await dialog.getByLabel('Name', { exact: true }).fill('Schools Partnership Programme');
  await save();
  for (const [name, id, from, later, to] of [
    ['First cycle', '1', 'wave baseline opens', '0', 'wave mid closes'],
    ['Second cycle', '2', 'wave mid closes', '1', 'wave end closes'],
  ] as const) {
    await press('Add a cycle');
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel('Short name').fill(id);
    const first = dialog.getByRole('group', { name: 'First day' });
    await first.getByLabel('Counted from').selectOption(from);
    await first.getByLabel('Days later').fill(later);
    await dialog.getByRole('group', { name: 'Last day' }).getByLabel('Counted from').selectOption(to);
    await save();
  }
  for (const one of components) await addComponent(page, one);
  await press('Add a comparison');
  await dialog.getByLabel('Name', { exact: true }).fill('How well it is carried out');
  for (const [legend, instrument, scale, max, day] of [
    ['Those who led it', 'implementation-log', 'on_track', '5', 'period_end'],
    ['Somebody who watched', 'peer-review-observation', 'review_quality', '4', 'obs_date'],
  ] as const) {
    const view = dialog.getByRole('group', { name: legend });
    await view.getByLabel('Instrument').selectOption(instrument);
    await view.getByLabel('Variable with the day', { exact: true }).fill(day);
    await view.getByLabel('Scale or variable').fill(scale);
    await view.getByLabel('Highest value').fill(max);
  }
  await save();
  await press('Add adaptations');
  await dialog.getByLabel('Instrument').selectOption('implementation-log');
  await dialog.getByLabel('List of entries').selectOption('events');
  await dialog.getByLabel('Variable with the day', { exact: true }).fill('ev_date');
  await dialog.getByLabel('Variable that says whether it was changed').fill('ev_adapted');
  await dialog.getByLabel('What was changed').fill('ev_changes_1, ev_changes_2, ev_changes_3');
  await save();
  await press('Edit the rule of compliance');
  await dialog.getByLabel('Decided on').fill('2026-01-15');
  await dialog.getByLabel('Complied: an index of at least').fill('0.6');
  await save();
  await press('Publish');
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await press('Lock');
  await dialog.getByLabel('Reason').fill('Frozen before anybody has seen outcomes.');
  await dialog.getByRole('button', { name: 'Lock' }).click();
  await page.getByText(/^Since /).waitFor();
}

async function addComponent(page: Page, one: Typed): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Add a component', exact: true }).click();
  await dialog.getByLabel('Name', { exact: true }).fill(one.name);
  await dialog.getByLabel('Dimension').selectOption(one.dimension);
  await dialog.getByLabel('Level').selectOption(one.level);
  if (one.core) await dialog.getByLabel('Core: may not be changed').selectOption({ label: one.core });
  const cycles = dialog.getByRole('group', { name: 'Cycles' });
  for (const cycle of both) await cycles.getByLabel(cycle).setChecked(one.cycles.includes(cycle));
  if (one.after)
    await dialog.getByRole('group', { name: 'Comes after' }).getByLabel(one.after, { exact: true }).check();
  if (one.within === null) await dialog.getByLabel('Number in each cycle').fill('');
  else {
    if (one.duration) await dialog.getByLabel('Days that each takes').fill(one.duration);
    const last = dialog.getByRole('group', { name: 'Not after' });
    await last.getByLabel('Counted from').selectOption('cycle begins');
    await last.getByLabel('Days later').fill(String(one.within));
  }
  await dialog.getByLabel('Instrument').selectOption('implementation-log');
  if (one.list) await dialog.getByLabel('List of entries').selectOption(one.list);
  if (one.where) await dialog.getByLabel('Which entries').fill(one.where);
  await dialog.getByLabel('Variable with the day', { exact: true }).fill(one.day);
  if (one.school) await dialog.getByLabel('Variable with the school', { exact: true }).fill(one.school);
  await dialog.getByLabel('Rule').selectOption(one.rule);
  for (const [label, value] of Object.entries(one.rules ?? {})) {
    const field = dialog.getByLabel(label, { exact: true });
    if ((await field.evaluate(({ tagName }) => tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await dialog.getByLabel('Weight').fill(one.weight);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}
