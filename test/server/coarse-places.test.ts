/** How much of a place anonymous answers tell: cases worked by hand, and a promise that holds for any audience. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Role, roles } from '../../instruments/study.ts';
import { type AskedCell, coarsePlaces } from '../../server/responses/coarse-places.ts';

const cell = (school: string | null, role: Role, n: number | null, cluster: string | null = 'elm'): AskedCell => ({
  ...{ arm: 'programme', cluster, school, role, n },
});
/** What is told of each cell, in a line: `elm e1 teacher`; what is left out is a dash. */
const told = (cells: readonly AskedCell[], minimum = 5) => {
  const places = coarsePlaces(cells, minimum);
  return cells.map((one) => {
    const { cluster, school, role } = places.of(one);
    return [cluster, school, role].map((part) => part ?? '-').join(' ');
  });
};

describe('the role goes first', () => {
  test('of roles that are few in a school, as long as they are enough together', () => {
    const cells = [
      cell('e1', 'teacher', 9),
      cell('e1', 'middle-leader', 3),
      cell('e1', 'senior-leader', 2),
      cell('e1', 'headteacher', 1),
    ];
    expect(told(cells)).toEqual(['elm e1 teacher', 'elm e1 -', 'elm e1 -', 'elm e1 -']);
    expect(coarsePlaces(cells, 5).people).toEqual({ role: 6, school: 0, cluster: 0, tooFew: 0 });
    expect(coarsePlaces(cells, 5).of(cells[3] as AskedCell).withheld).toEqual(['role']);
  });

  test('of the next smallest role, too, where the headteacher would be told by subtraction', () => {
    const cells = [cell('e1', 'teacher', 9), cell('e1', 'middle-leader', 6), cell('e1', 'headteacher', 1)];
    expect(told(cells)).toEqual(['elm e1 teacher', 'elm e1 -', 'elm e1 -']);
    expect(told([cell('e1', 'teacher', 9), cell('e1', 'headteacher', 1)])).toEqual(['elm e1 -', 'elm e1 -']);
  });

  test('of nobody where everybody shares it with enough, or where the study asks for no minimum', () => {
    const cells = [cell('e1', 'teacher', 5), cell('e1', 'middle-leader', 5)];
    expect(told(cells)).toEqual(['elm e1 teacher', 'elm e1 middle-leader']);
    expect(told([cell('e1', 'headteacher', 1)], 1)).toEqual(['elm e1 headteacher']);
  });
});

describe('then the school', () => {
  test('where the audience has too few people in it, with those of other such schools', () => {
    const cells = [cell('e1', 'teacher', 8), cell('e2', 'teacher', 3), cell('e3', 'headteacher', 2)];
    expect(told(cells)).toEqual(['elm e1 teacher', 'elm - -', 'elm - -']);
    expect(coarsePlaces(cells, 5).people).toEqual({ role: 5, school: 5, cluster: 0, tooFew: 0 });
  });

  test('then the cluster, and with it a group that is large enough where the rest of the arm is too few', () => {
    const alone = [cell('e1', 'teacher', 8), cell('e2', 'teacher', 3), cell('o1', 'teacher', 7, 'oak')];
    expect(told(alone)).toEqual(['elm e1 teacher', '- - -', '- - -']);
    const two = [...alone.slice(0, 2), cell('o1', 'teacher', 2, 'oak'), cell('o2', 'teacher', 12, 'oak')];
    expect(told(two)).toEqual(['elm e1 teacher', '- - -', '- - -', 'oak o2 teacher']);
  });

  test('an arm of too few people tells its arm, and says so', () => {
    const cells = [cell('e1', 'headteacher', 1), cell('e2', 'headteacher', 1)];
    expect(told(cells)).toEqual(['- - -', '- - -']);
    expect(coarsePlaces(cells, 5).people.tooFew).toBe(2);
  });
});

test('a staffroom of which nobody is known tells its school and no role', () => {
  expect(told([cell('e1', 'teacher', null), cell('e1', 'headteacher', null)])).toEqual(['elm e1 -', 'elm e1 -']);
});

test('whoever is in no audience that is known tells the arm alone', () => {
  const places = coarsePlaces([cell('e1', 'teacher', 9)], 5);
  expect(places.of(cell('e9', 'teacher', 1))).toMatchObject({
    arm: 'programme',
    cluster: null,
    school: null,
    role: null,
  });
});

test('whatever the audience is, every answer could be that of as many people as the minimum', () => {
  const anyCell = fc.record({
    arm: fc.constantFrom('a', 'b'),
    cluster: fc.constantFrom('c1', 'c2', null),
    school: fc.constantFrom('s1', 's2', 's3', null),
    role: fc.constantFrom(...roles),
    n: fc.integer({ min: 0, max: 9 }),
  });
  const audience = fc.uniqueArray(anyCell, {
    maxLength: 40,
    selector: ({ arm, cluster, school, role }) => JSON.stringify([arm, cluster, school, role]),
  });
  fc.assert(
    fc.property(audience, fc.integer({ min: 1, max: 9 }), (cells, minimum) => {
      const places = coarsePlaces(cells, minimum);
      const inArm = new Map<string, number>();
      const alike = new Map<string, number>();
      for (const one of cells) {
        const stored = JSON.stringify(places.of(one));
        inArm.set(one.arm, (inArm.get(one.arm) ?? 0) + one.n);
        alike.set(stored, (alike.get(stored) ?? 0) + one.n);
      }
      for (const one of cells) {
        const group = alike.get(JSON.stringify(places.of(one))) ?? 0;
        if ((inArm.get(one.arm) ?? 0) >= minimum && one.n > 0) expect(group).toBeGreaterThanOrEqual(minimum);
      }
    }),
    { seed: 3, numRuns: 3000 },
  );
});
