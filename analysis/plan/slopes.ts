/** The option of predictors whose effect differs between groups, and what stands against it. Used by the mixed models of this folder. */
import { z } from 'zod';
import type { OptionIssue } from './analysis.ts';
import { different } from './options.ts';

export const slopeOption = () =>
  different(z.array(z.string())).default([]).describe('predictors whose effect differs between groups; with one level');

export interface SlopesAsked {
  readonly predictors: readonly string[];
  readonly levels: readonly string[];
  readonly slopes: readonly string[];
}

export function slopeIssues({ predictors, levels, slopes }: SlopesAsked): OptionIssue[] {
  return [
    ...slopes.flatMap((name, at): OptionIssue[] =>
      predictors.includes(name) ? [] : [{ path: ['slopes', at], message: `${name} is not among the predictors.` }],
    ),
    ...(slopes.length > 0 && levels.length > 1
      ? [{ path: ['slopes'], message: 'Slopes go with one level of groups.' }]
      : []),
  ];
}
