/** Collects everything that is wrong with foreign data. The readers of instruments and the checker of answers write here. */
import type { Issue } from './instrument.ts';

/** More than this many issues say no more than this many do; the list ends with one that says so. */
export const issueLimit = 500;

export interface Issues {
  readonly list: readonly Issue[];
  add(code: string, path: string, message: string): void;
}

/** An empty list that takes issues until the limit. */
export function newIssues(): Issues {
  const list: Issue[] = [];
  return {
    list,
    add(code, path, message) {
      if (list.length < issueLimit) list.push({ code, path, message });
      else if (list.length === issueLimit) {
        list.push({
          code: 'too-many-issues',
          path,
          message: `There are more than ${issueLimit} issues; mend these first.`,
        });
      }
    },
  };
}
