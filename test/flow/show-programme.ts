/**
 * What the coordinators of six clusters of three schools tell of two cycles, and the figures that must follow, worked by hand
 * from the model of show-model.ts. Used by fidelity-show.test.ts.
 *
 * Weights in the first cycle (of components in both cycles half): cluster formed .05, champions .05, training days 1 and 2 .1
 * each, self-review .075, peer review 1 .1, workshop .05, follow-up .025: .55 in all. In the second cycle: training days 3 and 4
 * .1 each, self-review .075, peer review 2 .1, workshop .05, follow-up .025: .45. What nobody could tell of (n/d) is left out
 * of both sums; a workshop that was not held has no follow-up to tell of.
 *
 * | cluster  | first cycle                                                    | second cycle                   | whole             |
 * | ash      | 1                                                              | 1                              | 1                 |
 * | briar    | (.05+.05+.1+.1+.075)/.525 = .7143                              | 0/.425 = 0                     | .375/.95 = .3947  |
 * | cherry   | (.05+.05×2/3+.1+.1+.075+.1×.5)/.525 = .7778                    | (.1+.075×2/3)/.425 = .3529     | .5583/.95 = .5877 |
 * | chestnut | (.05+.05+.1+.1+.075+.1/3)/.525 = .7778                         | (.1+.1)/.425 = .4706           | .6083/.95 = .6404 |
 * | cypress  | (.05×.5+.05+.1)/.525 = .3333                                   | 0                              | .175/.95 = .1842  |
 * | heather  | .05/.475 = .1053 (no champions told of)                        | .1×.5/.425 = .1176             | .1/.9 = .1111     |
 *
 * Complied: an index of .6 and half of the core scores at .5. Ash has 12 of 12; chestnut has formation, champions, four training
 * days and the first self-review: 7 of 12 (peer review 1 is 1/3; peer review 2, both workshops and the second self-review are 0).
 */
import { shiftDay } from '../../server/demo/plan.ts';
import type { Log, LoggedEvent } from './logging.ts';

export const clusters = ['ash', 'briar', 'cherry', 'chestnut', 'cypress', 'heather'] as const;
type ShownCluster = (typeof clusters)[number];

/** First days of the cycles, from the day on which the demonstration study is loaded: the baseline opens, the mid-point has closed. */
const begins = { first: -420, second: -181 } as const;

/** The heat map of each cycle: index, scores in the order of its components, and whether the cluster complied in all. */
export const heat: Readonly<
  Record<ShownCluster, { readonly first: readonly string[]; readonly second: readonly string[] }>
> = {
  ash: {
    first: ['1.00', '1.00', '1.00', '1.00', '1.00', '1.00', '1.00', '1.00', '1.00', 'yes'],
    second: ['1.00', '1.00', '1.00', '1.00', '1.00', '1.00', '1.00', 'yes'],
  },
  briar: {
    first: ['0.71', '1.00', '1.00', '1.00', '1.00', '1.00', '0.00', '0.00', 'n/d', 'no'],
    second: ['0.00', '0.00', '0.00', '0.00', '0.00', '0.00', 'n/d', 'no'],
  },
  cherry: {
    first: ['0.78', '1.00', '0.67', '1.00', '1.00', '1.00', '0.50', '0.00', 'n/d', 'no'],
    second: ['0.35', '1.00', '0.00', '0.67', '0.00', '0.00', 'n/d', 'no'],
  },
  chestnut: {
    first: ['0.78', '1.00', '1.00', '1.00', '1.00', '1.00', '0.33', '0.00', 'n/d', 'yes'],
    second: ['0.47', '1.00', '1.00', '0.00', '0.00', '0.00', 'n/d', 'yes'],
  },
  cypress: {
    first: ['0.33', '0.50', '1.00', '1.00', '0.00', '0.00', '0.00', '0.00', 'n/d', 'no'],
    second: ['0.00', '0.00', '0.00', '0.00', '0.00', '0.00', 'n/d', 'no'],
  },
  heather: {
    first: ['0.11', '1.00', 'n/d', '0.00', '0.00', '0.00', '0.00', '0.00', 'n/d', 'no'],
    second: ['0.12', '0.50', '0.00', '0.00', '0.00', '0.00', 'n/d', 'no'],
  },
};

/**
 * Training days of each cluster: planned, took place, days planned and received, on time, late. Briar's second was on day 200 of
 * the cycle, where 190 is the last; cypress had the first alone, heather half of the third.
 */
export const dose: Readonly<Record<ShownCluster, readonly string[]>> = {
  ash: ['4', '4', '4.0', '4.0', '4', '0'],
  briar: ['4', '2', '4.0', '2.0', '1', '1'],
  cherry: ['4', '3', '4.0', '3.0', '3', '0'],
  chestnut: ['4', '4', '4.0', '4.0', '4', '0'],
  cypress: ['4', '1', '4.0', '1.0', '1', '0'],
  heather: ['4', '1', '4.0', '0.5', '1', '0'],
};

/** The two logs of each cluster. */
export function logsOf(today: string, cluster: ShownCluster): readonly [Log, Log] {
  const schools = [1, 2, 3].map((n) => `${cluster}-${n}`);
  const [one = '', two = '', three = ''] = schools;
  const first = (days: number) => shiftDay(today, begins.first + days);
  const second = (days: number) => shiftDay(today, begins.second + days);
  const training = (trainingDay: 1 | 2 | 3 | 4, date: string, days = 1): LoggedEvent => ({
    ...{ kind: 'Training day', date, days, trainingDay, schools: 3 },
  });
  const at = (kind: LoggedEvent['kind'], date: string, where: readonly string[], more: Partial<LoggedEvent> = {}) =>
    where.map((school): LoggedEvent => ({ kind, school, date, ...more }));
  const review = (date: string, where: readonly string[], more: Partial<LoggedEvent> = {}) =>
    at('Peer review of a school', date, where, { days: 1, ...more });
  const selfReview = (date: string, where: readonly string[]) => at('Self-review at a school', date, where);
  const workshop = (date: string) =>
    at('Improvement workshop', date, schools, { ledBy: 'An Improvement Champion of the same school' });

  const events: Readonly<Record<ShownCluster, readonly [readonly LoggedEvent[], readonly LoggedEvent[]]>> = {
    ash: [
      [
        ...[training(1, first(30)), training(2, first(100)), ...selfReview(first(60), schools)],
        ...[...review(first(120), schools), ...workshop(first(150))],
      ],
      [
        ...[training(3, second(30)), training(4, second(100)), ...selfReview(second(60), schools)],
        ...[...review(second(120), schools), ...workshop(second(150))],
      ],
    ],
    briar: [[training(1, first(30)), training(2, first(200)), ...selfReview(first(60), schools)], []],
    cherry: [
      [
        ...[training(1, first(30)), training(2, first(100)), ...selfReview(first(60), schools)],
        ...[...review(first(120), [one]), ...review(first(121), [two], { days: 0.5, changed: 'It was shorter' })],
      ],
      [training(3, second(30)), ...selfReview(second(60), [one, two])],
    ],
    chestnut: [
      [
        training(1, first(30)),
        training(2, first(100)),
        ...selfReview(first(60), schools),
        ...review(first(120), [one]),
      ],
      [training(3, second(30)), training(4, second(100))],
    ],
    cypress: [[training(1, first(30))], []],
    heather: [[], [training(3, second(30), 0.5)]],
  };
  const champions: Readonly<Record<ShownCluster, Readonly<Record<string, number>>>> = {
    ash: { [one]: 1, [two]: 1, [three]: 2 },
    briar: { [one]: 1, [two]: 1, [three]: 1 },
    cherry: { [one]: 1, [two]: 1, [three]: 0 },
    chestnut: { [one]: 2, [two]: 1, [three]: 1 },
    cypress: { [one]: 2 },
    heather: {},
  };
  const [early, later] = events[cluster];
  const told = { schools: cluster === 'cypress' ? 2 : 3, onTrack: cluster === 'chestnut' ? 5 : 3 } as const;
  return [
    { from: first(0), to: first(236), ...told, events: early, champions: champions[cluster] },
    { from: second(0), to: second(176), ...told, events: later },
  ];
}

/** The observer of chestnut's review puts each part at the lowest level, 0 of 1; its coordinator says 5 of 5, 1 of 1. */
export const observedOn = (today: string): string => shiftDay(today, begins.first + 120);
