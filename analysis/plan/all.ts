/** Every declared analysis, by family. A new family is a file of this folder and a line here. Read by plan.ts. */
import type { Analysis } from './analysis.ts';
import { reliabilityAnalyses } from './reliability.ts';

export const analyses: readonly Analysis[] = [...reliabilityAnalyses];
