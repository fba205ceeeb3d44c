/** Publishing a draft as the next version: what changed and how it is graded, why there is a version, and the step itself. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { ownName } from '../../../../instruments/languages.ts';
import { counted } from '../../../shared/format.ts';
import { type DraftDetail, publishDraft } from '../../../shared/instruments-api.ts';
import { draftKey, draftsKey, instrumentsKey } from '../../keys.ts';
import { announce } from '../../parts/announce.tsx';
import { Form, TextArea, type Wrong } from '../../parts/form.tsx';
import { problemOf } from '../../parts/loaded.tsx';
import { ChangeList } from '../change-list.tsx';
import { useLanguages } from './language-standings.tsx';
import type { Checked } from './use-checks.ts';
import type { Editing } from './use-editing.ts';
import { decisionsOf, type Publication } from './use-publication.ts';

interface Props {
  readonly draft: DraftDetail;
  readonly checked: Checked | null;
  readonly editing: Editing;
  readonly publication: Publication;
}

export function PublishPanel({ draft, checked, editing, publication }: Props) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { languages } = useLanguages(draft.id, editing);
  if (!checked) return <p role="status">Checking…</p>;
  const errors = checked.findings.filter(({ severity }) => severity === 'error').length;
  // What was compared is what is confirmed, whatever is the newest by now.
  const { against, changes } = checked;
  const version = (against ?? 0) + 1;
  const opinions = publication.opinionsOn(against, changes);
  const unread = (languages ?? []).filter(({ signedOff }) => !signedOff).map(({ language }) => ownName(language));
  const compareWithNewer = (error: unknown) => {
    const { code, members } = problemOf(error);
    const { latest } = members;
    if (code !== 'version-newer' || typeof latest !== 'number') return;
    client.setQueryData<DraftDetail>(draftKey(draft.id), (was) => was && { ...was, latest });
  };
  return (
    <div className="stack">
      {unread.length > 0 && (
        <div className="notice">
          <p>
            No second reader has signed off: {unread.join(', ')}. It can be published all the same, and the version says
            so.
          </p>
        </div>
      )}
      {against === null ? (
        <p>It becomes version 1 of “{draft.instrument}”. A published version never changes.</p>
      ) : (
        <section aria-label="Changes">
          <h3>
            {counted(changes.length, 'change')} since version {against}
          </h3>
          <p className="soft">
            By publishing you confirm these grades. They decide how answers of both versions are pooled, for good.
          </p>
          <ChangeList
            changes={changes}
            deciding={{ opinions, tell: (opinion) => publication.tell(against, opinion) }}
          />
        </section>
      )}
      {errors > 0 ? (
        <div className="notice notice-bad">
          <p className="notice-title">{counted(errors, 'error')} to mend first</p>
          <p>The list of checks says where they are.</p>
        </div>
      ) : (
        <Form
          submit={`Publish version ${version}`}
          keeps
          send={async ({ why = '' }) => {
            const revision = await editing.flush();
            const decisions = decisionsOf(opinions);
            const made = await publishDraft(draft.id, { revision, latest: against, why, decisions }).catch((error) => {
              compareWithNewer(error);
              throw error;
            });
            announce(`Version ${made.version} is published.`);
            await Promise.all([
              client.invalidateQueries({ queryKey: draftsKey }),
              client.invalidateQueries({ queryKey: instrumentsKey }),
            ]);
            await navigate(`/instruments/${made.instrument}/versions/${made.version}`);
          }}
          check={({ why = '' }): Wrong => (why.trim() === '' ? { why: 'Say why there is this version.' } : {})}
        >
          {(wrong) => (
            <TextArea
              label="Why there is this version"
              name="why"
              rows={2}
              defaultValue={publication.why}
              onChange={publication.say}
              hint="Stands with the version for good."
              error={wrong.why ?? null}
            />
          )}
        </Form>
      )}
    </div>
  );
}
