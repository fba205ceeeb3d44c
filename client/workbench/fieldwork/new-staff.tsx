/** Above the link list: who has joined or left since the links were made, and the step that brings the links up to date. */
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
  if (!data || (data.newLinks === 0 && data.left === 0)) return null;
  return (
    <div className="notice">
      <p>The roster has changed. {wordsOf(data)}</p>
      <p>
        <button type="button" className="button" onClick={() => setAsking(true)}>
          {data.newLinks > 0 ? 'Links for new staff…' : 'Mark who has left…'}
        </button>
      </p>
      {asking && (
        <ConfirmDialog
          title="Bring the links up to date?"
          confirm="Bring up to date"
          close={() => setAsking(false)}
          act={async () => {
            const { newLinks, left } = await refreshLinks(detail.study.id, administration.id);
            const marked = counted(left, 'person', 'people');
            announce(`${counted(newLinks, 'link')} made. ${marked} marked as ineligible.`);
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
          <p>Whoever has answered keeps link and answers.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function wordsOf({ newLinks, left }: LinksToRefresh): string {
  const come = `${counted(newLinks, 'person', 'people')} of the audience ${newLinks === 1 ? 'has' : 'have'} no link.`;
  const gone = `${counted(left, 'person', 'people')} with an unanswered link ${left === 1 ? 'has' : 'have'} left.`;
  return [...(newLinks > 0 ? [come] : []), ...(left > 0 ? [gone] : [])].join(' ');
}
