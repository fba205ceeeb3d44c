/**
 * Variables that a disclosure-controlled dataset is without: those that tell the role, which is withheld where few share it,
 * and days and times, which tell of a visit who was there. Used by `check.ts` and `panel-tables.ts`.
 */
import { isRoleVariable } from '../../../instruments/identifying.ts';
import type { DatasetDefinition } from './definition.ts';
import type { PooledVariable } from './pool.ts';

export function tellsTooMuch(
  { level }: Pick<DatasetDefinition, 'level'>,
  { column: { kind }, variable }: Pick<PooledVariable, 'column' | 'variable'>,
): boolean {
  if (level !== 'controlled') return false;
  return kind === 'date' || kind === 'datetime' || kind === 'time' || isRoleVariable(variable);
}
