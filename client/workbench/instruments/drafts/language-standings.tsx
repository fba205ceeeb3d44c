/**
 * How complete each language of a draft is, who wrote its texts last, and the second reader who signed them off. Used by the
 * panel of languages; `useLanguages` also by the panel for publishing.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ownName } from '../../../../instruments/languages.ts';
import { completeness, type FormText } from '../../../../instruments/translations.ts';
import { formatInstant } from '../../../shared/format.ts';
import {
  getDraftLanguages,
  type LanguageStanding,
  signOffLanguage,
  undoSignOff,
} from '../../../shared/instruments-api.ts';
import { draftKey } from '../../keys.ts';
import { ActionButton } from '../../parts/action-button.tsx';
import { announce } from '../../parts/announce.tsx';
import { ProblemView } from '../../parts/loaded.tsx';
import { useSessionQuery } from '../../session.tsx';
import type { Editing } from './use-editing.ts';

/** As the server has them; null until it has said so of the text that this page shows. */
export function useLanguages(draft: string, editing: Editing) {
  const query = useQuery({
    queryKey: [...draftKey(draft), 'languages', editing.revision],
    queryFn: () => getDraftLanguages(draft),
  });
  const isSaved = editing.state.is === 'saved';
  const languages = isSaved && query.data?.revision === editing.revision ? query.data.languages : null;
  return { languages, error: query.error };
}

interface Props {
  readonly draft: string;
  readonly editing: Editing;
  readonly languages: readonly string[];
  readonly texts: readonly FormText[];
}

export function LanguageStandings({ draft, editing, languages, texts }: Props) {
  const { languages: standings, error } = useLanguages(draft, editing);
  return (
    <>
      {error && <ProblemView error={error} />}
      <ul className="language-standings">
        {languages.map((language) => {
          const { done, all } = completeness(texts, language);
          const standing = standings?.find((one) => one.language === language);
          return (
            <li key={language}>
              <strong>
                {ownName(language)} ({language}):
              </strong>{' '}
              {done} of {all} texts
              {standing ? <SignOff draft={draft} standing={standing} /> : <p className="soft">Second reader: …</p>}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function SignOff({ draft, standing }: { draft: string; standing: LanguageStanding }) {
  const client = useQueryClient();
  const { data: session } = useSessionQuery();
  const { language, hash, done, all, writtenBy, signedOff } = standing;
  const then = async (said: string) => {
    announce(said);
    await client.invalidateQueries({ queryKey: [...draftKey(draft), 'languages'] });
  };
  const name = ownName(language);
  if (signedOff) {
    return (
      <>
        <p>
          Read and signed off by {nameOf(signedOff.by)}, {formatInstant(signedOff.at)}. A change of a text takes this
          away.
        </p>
        <ActionButton
          act={async () => {
            await undoSignOff(draft, language);
            await then(`${name} is not signed off any more.`);
          }}
        >
          Take the sign-off of {name} back
        </ActionButton>
      </>
    );
  }
  const own = writtenBy !== null && writtenBy.id === session?.account?.id;
  return (
    <>
      <p>
        No second reader yet.
        {writtenBy && ` ${own ? 'You' : nameOf(writtenBy)} changed these texts last.`}
        {own && ' Somebody else has to sign them off.'}
        {done < all && ' It can be signed off when no text is missing.'}
      </p>
      {!own && done === all && (
        <ActionButton
          act={async () => {
            await signOffLanguage(draft, language, hash);
            await then(`You have signed ${name} off.`);
          }}
        >
          I have read all texts: sign {name} off
        </ActionButton>
      )}
    </>
  );
}

const nameOf = ({ name }: { readonly name: string | null }) => name ?? 'Somebody whose account has gone';
