/** /instruments/drafts/:draft: the form of an instrument with everything beside it, saved by itself. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useParams } from 'react-router';
import type { InstrumentFinding } from '../../../../instruments/checks/check-instrument.ts';
import type { Instrument } from '../../../../instruments/instrument.ts';
import { type DraftDetail, getDesigner, getDraft, getInstrument } from '../../../shared/instruments-api.ts';
import { designerKey, draftKey, instrumentKey } from '../../keys.ts';
import { Loaded, Loading } from '../../parts/loaded.tsx';
import { NotYours } from '../../parts/not-yours.tsx';
import { Page } from '../../parts/page.tsx';
import { useMay } from '../../session.tsx';
import { keyingOf, languagesOf, renameItem, surveyOf, textOf } from './content.ts';
import { DraftHead, NewerText } from './draft-head.tsx';
import { JsonEditor } from './json-editor.tsx';
import { type SidePanel, SidePanels } from './side-panels.tsx';
import { useChecks } from './use-checks.ts';
import { useEditing } from './use-editing.ts';
import { savesLeftBehind } from './use-last-save.ts';
import { usePublication } from './use-publication.ts';

const Designer = lazy(async () => ({ default: (await import('../designer/creator.tsx')).Designer }));
const crumbs = [{ to: '/instruments', title: 'Instruments' }];

export function DraftPage() {
  const { draft: id = '' } = useParams();
  const may = useMay('instrument.manage');
  // Read once: from then on this page has the newer text, or is told of one.
  const once = { enabled: may, staleTime: Number.POSITIVE_INFINITY, gcTime: 0, refetchOnWindowFocus: false };
  const draft = useQuery({
    queryKey: draftKey(id),
    queryFn: async () => {
      // What this page saved when it was left the last time comes first.
      await savesLeftBehind(id);
      return getDraft(id);
    },
    ...once,
  });
  const designer = useQuery({ queryKey: designerKey, queryFn: getDesigner, enabled: may });
  const latest = draft.data?.latest ?? null;
  const instrument = draft.data?.instrument ?? '';
  const previous = useQuery({
    queryKey: instrumentKey(instrument, latest ?? 0),
    queryFn: () => getInstrument(instrument, latest ?? 0),
    enabled: latest !== null,
    // Where another version was published meanwhile, the page stays while that one comes.
    placeholderData: keepPreviousData,
  });
  if (!may) {
    return (
      <Page title="Draft of an instrument" crumbs={crumbs}>
        <NotYours title="Drafts are for those who design instruments">
          They are not published yet and may hold wording that still needs permission.
        </NotYours>
      </Page>
    );
  }
  return (
    <Loaded query={draft} what="the draft" heading="Draft of an instrument">
      {(detail) => (
        <Loaded query={designer} what="the designer" heading={detail.title || 'Draft of an instrument'}>
          {(tool) => {
            const workshop = (before: Instrument | null) => (
              <Workshop
                key={detail.id}
                draft={detail}
                previous={before}
                designer={tool.designer}
                licenseKey={tool.licenseKey}
              />
            );
            return latest === null ? (
              workshop(null)
            ) : (
              <Loaded query={previous} what="the version before" heading={detail.title || 'Draft of an instrument'}>
                {({ instrument }) => workshop(instrument)}
              </Loaded>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

interface WorkshopProps {
  readonly draft: DraftDetail;
  readonly previous: Instrument | null;
  readonly designer: 'creator' | 'json';
  readonly licenseKey: string | null;
}

function Workshop({ draft, previous, designer, licenseKey }: WorkshopProps) {
  const editing = useEditing(draft);
  const { content, change } = editing;
  const checked = useChecks(content, previous);
  const publication = usePublication();
  const [panel, setPanel] = useState<SidePanel>('scales');
  const [beside, setBeside] = useState(true);
  const [wish, setWish] = useState<{ item: string; path: string; number: number } | null>(null);
  const goTo = ({ item, path }: InstrumentFinding) =>
    setWish((was) => ({ item: item ?? '', path, number: (was?.number ?? 0) + 1 }));
  useUndoKeys(editing.undo, editing.redo);
  const closed = closedWords(draft);
  return (
    <Page
      title={textOf(content.title) || 'An instrument without a title'}
      crumbs={crumbs}
      lead={<DraftHead draft={draft} editing={editing} panels={beside} togglePanels={() => setBeside((was) => !was)} />}
    >
      {closed !== null ? (
        <div className="notice">
          <p className="notice-title">{closed}</p>
          {draft.state === 'publishing' && (
            <p>Publishing was begun and has not ended yet. It goes on by itself: look again in a few minutes.</p>
          )}
        </div>
      ) : (
        <>
          {editing.state.is === 'newer' && <NewerText editing={editing} newer={editing.state.content} />}
          <div className="workshop">
            <section className="workshop-form" aria-label="Form">
              {designer === 'creator' ? (
                <Suspense fallback={<Loading what="the designer" />}>
                  <Designer
                    survey={surveyOf(content)}
                    languages={languagesOf(content)}
                    keying={keyingOf(content, change)}
                    licenseKey={licenseKey}
                    wish={wish}
                    onChange={(survey, renamed) =>
                      change((was) => ({ ...(renamed ? renameItem(was, renamed.from, renamed.to) : was), survey }))
                    }
                  />
                </Suspense>
              ) : (
                <JsonEditor content={content} findings={checked?.findings ?? []} wish={wish} change={change} />
              )}
            </section>
            {beside && (
              <SidePanels
                panel={panel}
                show={setPanel}
                draft={draft}
                editing={editing}
                checked={checked}
                publication={publication}
                goTo={goTo}
              />
            )}
          </div>
        </>
      )}
    </Page>
  );
}

/** Why a draft cannot be worked on; null where it can. */
function closedWords({ state, version }: DraftDetail): string | null {
  switch (state) {
    case 'open':
      return null;
    case 'publishing':
      return `This draft is becoming version ${version}.`;
    case 'published':
      return `This draft has become version ${version}.`;
    case 'discarded':
      return 'This draft was discarded.';
  }
}

/** The keys for going back and forth; in a field they are the browser's own. */
function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isWriting(event.target)) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      event.preventDefault();
      event.stopPropagation();
      if (key === 'y' || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, [undo, redo]);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
