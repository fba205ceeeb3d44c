/** The days of a model's cycles and expected events, as days of the calendar. Called by the scoring, the lists and the screens. */
import type { Component, Cycle, FidelityModel, When } from '../fidelity-model.ts';
import type { Wave } from '../study.ts';

/** First and last day, both included. */
export interface Window {
  readonly from: string;
  readonly to: string;
}

/**
 * A calendar day some days later.
 *
 * @example
 * dayAfter('2026-02-27', 2) // => '2026-03-01'
 */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * Days from one day to another; negative when the other comes first.
 *
 * @example
 * daysBetween('2026-02-27', '2026-03-01') // => 2
 */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

type Waves = readonly Pick<Wave, 'id' | 'opens' | 'closes'>[];

/** Null where the study has no wave of that name. */
function dayOf(when: When, waves: Waves, cycle: Window | null): string | null {
  if (typeof when === 'string') return when;
  if ('wave' in when) {
    const wave = waves.find(({ id }) => id === when.wave);
    return wave ? dayAfter(wave[when.at], when.days) : null;
  }
  if (!cycle) return null;
  return dayAfter(when.cycle === 'begins' ? cycle.from : cycle.to, when.days);
}

/** The days of a cycle; null where a wave that it hangs on is not there, or it ends before it begins. */
export function cycleWindow(cycle: Cycle, waves: Waves): Window | null {
  const from = dayOf(cycle.from, waves, null);
  const to = dayOf(cycle.to, waves, null);
  return from !== null && to !== null && from <= to ? { from, to } : null;
}

/** When the events of a component are expected in a cycle; null where none are, or their days cannot be told. */
export function expectedWindow({ expected }: Pick<Component, 'expected'>, cycle: Window, waves: Waves): Window | null {
  if (!expected) return null;
  const from = dayOf(expected.from, waves, cycle);
  const to = dayOf(expected.to, waves, cycle);
  return from !== null && to !== null && from <= to ? { from, to } : null;
}

/** What cannot be told of a model's days in this study; empty: all of them can. */
export function missingDays({ cycles, components }: FidelityModel, waves: Waves): string[] {
  const missing: string[] = [];
  const windows = new Map(cycles.map((cycle) => [cycle.id, cycleWindow(cycle, waves)]));
  for (const [at, { id, title }] of cycles.entries()) {
    if (!windows.get(id))
      missing.push(`cycles.${at}: the days of "${title}" cannot be told from the waves of this study`);
  }
  for (const [at, component] of components.entries()) {
    const told = component.cycles.every((id) => {
      const cycle = windows.get(id);
      return !cycle || !component.expected || expectedWindow(component, cycle, waves);
    });
    if (!told) missing.push(`components.${at}.expected: the days of "${component.title}" cannot be told in this study`);
  }
  return missing;
}
