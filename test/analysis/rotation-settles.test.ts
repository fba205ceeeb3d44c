import { expect, it } from 'vitest';
import { correlationMatrix, covarianceMatrix } from '../../analysis/covariance.ts';
import { schmidLeiman } from '../../analysis/factors/schmid-leiman.ts';
import { tasks } from '../bench/statistics-tasks.ts';

it('a rotation settles where its steps are lost in the rounding of the criterion', () => {
  // These 1,000 people once took 5,000 steps and more than half a minute, and then a note that the rotation did not settle.
  const columns = Object.values(tasks.omega?.data(1000) ?? {});
  expect(schmidLeiman(correlationMatrix(covarianceMatrix(columns)), 3).notes).toEqual([]);
});
