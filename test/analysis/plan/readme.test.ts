import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { analyses } from '../../../analysis/plan/all.ts';
import { parsePlan, runPlan } from '../../../analysis/plan.ts';
import { expectClose, oracleResults } from '../../oracle.ts';
import { oracleData } from './ask.ts';

it('the README lists every declared analysis, and none that there is not', () => {
  const readme = readFileSync(new URL('../../../analysis/README.md', import.meta.url), 'utf8');
  const [, listed = ''] = /The declared analyses, by family:\n\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const rows = listed.split('\n').slice(2);
  const names = rows.flatMap((row) => [...row.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  const options = ['robust', 'profile'];
  expect(names.filter((name) => !options.includes(name ?? '')).sort()).toEqual(analyses.map(({ name }) => name).sort());
});

it('the plan in the README runs on the simulated trial', () => {
  const readme = readFileSync(new URL('../../../analysis/README.md', import.meta.url), 'utf8');
  const [, text = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  const plan = parsePlan(JSON.parse(text));
  if (!plan.ok) throw new Error(JSON.stringify(plan.issues));
  const report = runPlan(plan.value, oracleData('sim_trial'));
  const sections = new Map(report.sections.map((section) => [section.id, section]));
  expect([...sections.keys()]).toEqual(['alpha', 'agreement', 'icc', 'primary', 'effect', 'response', 'next']);
  for (const { tables, notes = [] } of report.sections) {
    expect(tables.length + notes.length).toBeGreaterThan(0);
    for (const { columns, rows } of tables) for (const row of rows) expect(row).toHaveLength(columns.length);
  }
  const { response_rate_clustered } = oracleResults<{
    response_rate_clustered: { by_arm: Record<string, { p: number }> };
  }>('14_survey_props.json');
  sections.get('response')?.estimates?.forEach(({ estimate }, arm) => {
    expectClose(estimate.value, response_rate_clustered.by_arm[arm]?.p ?? Number.NaN, 1e-12, `arm ${arm}`);
  });
  const { icc } = oracleResults<{ icc: Record<string, { N: number }> }>('07_icc_rwg.json');
  expect(sections.get('icc')?.estimates?.[0]?.estimate.n).toBe(icc.sim_pre_school?.N);
});
