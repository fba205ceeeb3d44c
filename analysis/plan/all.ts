/** Every declared analysis, by family. A new family is a file of this folder and a line here. Read by plan.ts. */
import { adjustment } from './adjust.ts';
import type { Analysis } from './analysis.ts';
import { carelessAnalyses } from './careless.ts';
import { comparisonAnalyses } from './comparisons.ts';
import { descriptiveAnalyses } from './descriptives.ts';
import { effectAnalyses } from './effects.ts';
import { factorAnalysis } from './factor-models.ts';
import { factorAnalyses } from './factors.ts';
import { groupAnalyses } from './groups.ts';
import { imputationAnalyses } from './imputation.ts';
import { invariance } from './invariance.ts';
import { matchingAnalyses } from './matching.ts';
import { missingAnalyses } from './missing.ts';
import { mixed } from './mixed.ts';
import { mixedComparison } from './mixed-comparison.ts';
import { multilevelAnalyses } from './multilevel.ts';
import { omegaAnalyses } from './omega.ts';
import { powerAnalyses } from './power.ts';
import { raterAnalyses } from './raters.ts';
import { regressionAnalyses } from './regression.ts';
import { reliabilityAnalyses } from './reliability.ts';
import { surveyAnalyses } from './survey.ts';

export const analyses: readonly Analysis[] = [
  ...descriptiveAnalyses,
  ...reliabilityAnalyses,
  ...omegaAnalyses,
  ...factorAnalyses,
  factorAnalysis,
  invariance,
  ...groupAnalyses,
  ...raterAnalyses,
  ...carelessAnalyses,
  ...missingAnalyses,
  ...imputationAnalyses,
  ...comparisonAnalyses,
  adjustment,
  ...regressionAnalyses,
  mixed,
  mixedComparison,
  ...multilevelAnalyses,
  ...matchingAnalyses,
  ...effectAnalyses,
  ...surveyAnalyses,
  ...powerAnalyses,
];
