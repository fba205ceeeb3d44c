/** Above the link list: who has joined, left, moved or come back since the links were made, and the step that brings the links up to date. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { countLinksToRefresh, type LinksToRefresh, refreshLinks } from '../../shared/api.ts';
import { counted } from '../../shared/format.ts';
import { administrationKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { useMay } from '../session.tsx';
import { useFieldwork } from './administration.tsx';

/** Nothing while links and roster agree. */
export function NewStaff() {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const mayManage = useMay('invitation.manage', detail.study.id);
  const [asking, setAsking] = useState(false);
  const key = administrationKey(detail.study.id, administration.id);
  const { data } = useQuery({
    queryKey: [...key, 'links-to-refresh'],
    queryFn: () => countLinksToRefresh(detail.study.id, administration.id),
    enabled: mayManage && administration.state !== 'closed',
  });
  if (!data || Object.values(data).every((n) => n === 0)) return null;
  return (
    <div className="notice">
      <p>The roster has changed. {wordsOf(data)}</p>
      <p>
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {data.newLinks > 0 ? 'Links for new staff…' : 'Bring the links up to date…'}
        </button>
      </p>
      {asking && (
        <ConfirmDialog
          title="Bring the links up to date?"
          confirm="Bring up to date"
          close={() => setAsking(false)}
          act={async () => {
            const { newLinks, left, moved, returned } = await refreshLinks(detail.study.id, administration.id);
            const people = (n: number) => counted(n, 'person', 'people');
            announce(
              `${counted(newLinks, 'link')} made. ${people(left + moved)} marked as ineligible. ${people(returned)} asked again.`,
            );
            await client.invalidateQueries({ queryKey: key });
          }}
        >
          {data.newLinks > 0 && (
            <p>
              {counted(data.newLinks, 'person gets a link', 'people get a link')}. Nothing is sent: write to them under
              Messages.
            </p>
          )}
          {data.left > 0 && (
            <p>
              {counted(data.left, 'person who has left is', 'people who have left are')} marked as ineligible. They do
              not count in the response rates, and their links take no answers. The mark can be taken back.
            </p>
          )}
          {data.moved > 0 && (
            <p>
              {counted(data.moved, 'person whose', 'people whose')} role or arm is not asked any more{' '}
              {data.moved === 1 ? 'is' : 'are'} marked as ineligible, too.
            </p>
          )}
          {data.returned > 0 && (
            <p>
              {counted(data.returned, 'person who is back is', 'people who are back are')} asked again by the same link.
            </p>
          )}
          <p>Whoever has answered keeps link and answers.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function wordsOf({ newLinks, left, moved, returned }: LinksToRefresh): string {
  const come = `${counted(newLinks, 'person', 'people')} of the audience ${newLinks === 1 ? 'has' : 'have'} no link.`;
  const gone = `${counted(left, 'person', 'people')} with an unanswered link ${left === 1 ? 'has' : 'have'} left.`;
  const elsewhere = `${counted(moved, 'person', 'people')} with an unanswered link ${moved === 1 ? 'has' : 'have'} a role or arm that is not asked.`;
  const back = `${counted(returned, 'person', 'people')} marked as ineligible ${returned === 1 ? 'is' : 'are'} back.`;
  return [
    ...(newLinks > 0 ? [come] : []),
    ...(left > 0 ? [gone] : []),
    ...(moved > 0 ? [elsewhere] : []),
    ...(returned > 0 ? [back] : []),
  ].join(' ');
}
