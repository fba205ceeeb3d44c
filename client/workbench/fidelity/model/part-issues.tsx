/** What keeps a part of a draft from being published, where the part stands. Used by the lists of this folder. */
import { issuesOf } from './places.ts';
import type { ModelDraft } from './use-draft.ts';

/** @param own only what is said of the part itself, and not of what lies below it */
export function PartIssues({ draft, part, own = false }: { draft: ModelDraft; part: string; own?: boolean }) {
  const issues = issuesOf(draft.whole.issues, part).filter(({ path }) => !own || path === part);
  if (issues.length === 0) return null;
  return (
    <ul className="part-issues">
      {issues.map(({ path, message }) => (
        <li key={`${path} ${message}`} className="field-error">
          {message}
        </li>
      ))}
    </ul>
  );
}
