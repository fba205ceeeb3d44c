/** The roles of accounts in words. */
import type { AccountRole, StudyRole } from '../../shared/api.ts';

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

export const studyRoleTitles: Readonly<Record<StudyRole, string>> = {
  owner: 'Owner',
  evaluator: 'Evaluator',
  analyst: 'Analyst',
  viewer: 'Viewer',
  clerk: 'Clerk for paper forms',
  coordinator: 'Coordinator of clusters',
  'school-lead': 'School lead',
};

/** What each role may do in a study, said where one is given. */
export const studyRoleTexts: Readonly<Record<StudyRole, string>> = {
  owner: 'Does everything in the study, gives others access, and reads its audit.',
  evaluator: 'Runs fieldwork: roster, administrations, links, messages.',
  analyst: 'Reads reports and downloads coded datasets.',
  viewer: 'Sees the study, response rates and reports.',
  clerk: 'Types answers from paper forms, and sees no others.',
  coordinator: 'Sees the chosen clusters alone: their schools, links and response rates.',
  'school-lead': 'Sees the chosen schools alone, and how many have responded there.',
};
