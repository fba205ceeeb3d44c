/** Recomputes 01: each case is one argument list of one R function; `value` is the figure. */
import { betaQuantileOdds, betaTails } from '../../analysis/numeric/beta.ts';
import { binomialTails } from '../../analysis/numeric/binomial.ts';
import { bivariateNormalLower } from '../../analysis/numeric/bivariate-normal.ts';
import { chiSquareQuantile, chiSquareTails } from '../../analysis/numeric/chi-square.ts';
import { fQuantile, fTails } from '../../analysis/numeric/f.ts';
import { gammaTails } from '../../analysis/numeric/gamma.ts';
import { logGamma } from '../../analysis/numeric/log-gamma.ts';
import { noncentralChiSquareTails } from '../../analysis/numeric/noncentral-chi-square.ts';
import { noncentralTTails } from '../../analysis/numeric/noncentral-t.ts';
import { normalQuantile, normalTails } from '../../analysis/numeric/normal.ts';
import { studentTQuantile, studentTTails } from '../../analysis/numeric/student-t.ts';
import { studentisedRangeQuantile, studentisedRangeTails } from '../../analysis/numeric/studentised-range.ts';
import { eachInList, listAt, numberAt } from './cases.ts';
import type { Recompute, Tolerance } from './types.ts';

type Of = (argument: string) => number;

const functions: Readonly<Record<string, { readonly takes: readonly string[]; readonly gives: (of: Of) => number }>> = {
  pnorm: { takes: ['q'], gives: (of) => normalTails(of('q')).lower },
  pnorm_upper: { takes: ['q'], gives: (of) => normalTails(of('q')).upper },
  qnorm: { takes: ['p'], gives: (of) => normalQuantile(of('p')) },
  pt: { takes: ['q', 'df'], gives: (of) => studentTTails(of('q'), of('df')).lower },
  pt_upper: { takes: ['q', 'df'], gives: (of) => studentTTails(of('q'), of('df')).upper },
  qt: { takes: ['p', 'df'], gives: (of) => studentTQuantile(of('p'), of('df')) },
  pchisq: { takes: ['q', 'df'], gives: (of) => chiSquareTails(of('q'), of('df')).lower },
  pchisq_upper: { takes: ['q', 'df'], gives: (of) => chiSquareTails(of('q'), of('df')).upper },
  qchisq: { takes: ['p', 'df'], gives: (of) => chiSquareQuantile(of('p'), of('df')) },
  pchisq_noncentral: {
    takes: ['q', 'df', 'ncp'],
    gives: (of) => noncentralChiSquareTails(of('q'), of('df'), of('ncp')).lower,
  },
  pf: { takes: ['q', 'df1', 'df2'], gives: (of) => fTails(of('q'), of('df1'), of('df2')).lower },
  pf_upper: { takes: ['q', 'df1', 'df2'], gives: (of) => fTails(of('q'), of('df1'), of('df2')).upper },
  qf: { takes: ['p', 'df1', 'df2'], gives: (of) => fQuantile(of('p'), of('df1'), of('df2')) },
  pt_noncentral: { takes: ['q', 'df', 'ncp'], gives: (of) => noncentralTTails(of('q'), of('df'), of('ncp')).lower },
  pbeta: { takes: ['q', 'a', 'b'], gives: (of) => betaTails(of('q'), of('a'), of('b')).lower },
  qbeta: {
    takes: ['p', 'a', 'b'],
    gives: (of) => {
      const odds = betaQuantileOdds({ lower: of('p'), upper: 1 - of('p') }, of('a'), of('b'));
      return odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
    },
  },
  pgamma: { takes: ['q', 'a'], gives: (of) => gammaTails(of('q'), of('a')).lower },
  lgamma: { takes: ['x'], gives: (of) => logGamma(of('x')) },
  pbinom: { takes: ['q', 'size', 'prob'], gives: (of) => binomialTails(of('q'), of('size'), of('prob')).lower },
  ptukey: {
    takes: ['q', 'nmeans', 'df'],
    gives: (of) => studentisedRangeTails(of('q'), of('nmeans'), of('df')).lower,
  },
  qtukey: { takes: ['p', 'nmeans', 'df'], gives: (of) => studentisedRangeQuantile(of('p'), of('nmeans'), of('df')) },
  bivariate_normal_cdf: {
    takes: ['h', 'k', 'rho'],
    gives: (of) => bivariateNormalLower(of('h'), of('k'), of('rho')),
  },
};

export const recompute: Recompute = (results) =>
  Object.fromEntries(
    Object.keys(results).map((name) => {
      const known = functions[name];
      if (!known) return [name, new Error(`no function ${name}`)];
      return [
        name,
        eachInList(listAt(results, name), (options) => {
          const given = Object.fromEntries(known.takes.map((argument) => [argument, numberAt(options, argument)]));
          return { ...given, value: known.gives((argument) => given[argument] ?? Number.NaN) };
        }),
      ];
    }),
  );

/**
 * As the notes of the file state: 1e-6 for R's ptukey and qtukey; 1e-8 for its noncentral t, which is itself accurate to
 * 1e-12 absolute. Two of R's own limits more, seen with 50-digit arithmetic: qt leaves 2e-16 for the median, and qf takes
 * 1/x - 1 of a beta quantile near 1, which leaves an absolute error of about 1e-16 df2/df1.
 */
export const tolerance: Tolerance = (path) => {
  const name = path.split('/')[0] ?? '';
  if (name.endsWith('tukey')) return 1e-6;
  if (name === 'pt_noncentral') return { relative: 1e-8, absolute: 1e-12 };
  if (name === 'qt') return { relative: 1e-10, absolute: 1e-15 };
  if (name === 'qf') return { relative: 1e-10, absolute: 1e-11 };
  return name === 'bivariate_normal_cdf' ? 1e-8 : 1e-10;
};
