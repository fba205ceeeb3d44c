/** The roles of accounts in words. */
import type { AccountRole } from '../../shared/api.ts';

export const roleTitles: Readonly<Record<AccountRole, string>> = {
  administrator: 'Administrator',
  evaluator: 'Evaluator',
  analyst: 'Analyst',
  viewer: 'Viewer',
  member: 'Member',
};

/** What each role may do, said where one is chosen. */
export const roleTexts: Readonly<Record<AccountRole, string>> = {
  member: 'Sees only studies in which a role is given.',
  viewer: 'Sees studies, response rates and reports.',
  analyst: 'Also downloads coded datasets.',
  evaluator: 'Also runs fieldwork: links, opening and closing, studies.',
  administrator: 'Also manages accounts.',
};
