/** /studies/:study/amendments: what was changed after the start, and the log as a file. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import { formatInstant } from '../../shared/format.ts';
import { amendmentsFileUrl, listAmendments } from '../../shared/planning-api.ts';
import { amendmentsKey, studyKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Changes } from './amendment-dialog.tsx';

export function AmendmentsPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="Amendments">
      {(detail) => <Amendments detail={detail} />}
    </Loaded>
  );
}

function Amendments({ detail: { study } }: { detail: StudyDetail }) {
  const query = useQuery({ queryKey: amendmentsKey(study.id), queryFn: () => listAmendments(study.id) });
  return (
    <Page
      title="Amendments"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study.id}`, title: study.title },
      ]}
      lead={<p>What was changed after the start. Nothing here can be edited; reports and data files cite it.</p>}
      actions={
        <a className="button" href={amendmentsFileUrl(study.id)} download>
          Download as CSV
        </a>
      }
    >
      <Loaded query={query} what="the amendments">
        {({ amendments }) =>
          amendments.length === 0 ? (
            <Empty title="No amendment yet">
              <p>Dates and audiences that are moved after the start will stand here, each with its reason.</p>
            </Empty>
          ) : (
            <ol className="amendments">
              {amendments.map(({ number, at, by, why, thing, changes }) => (
                <li key={number} className="card">
                  <h2>
                    {number}. {thing.title}
                  </h2>
                  <p className="soft">
                    {formatInstant(at, study.timeZone)} · {by}
                  </p>
                  <Changes changes={changes} />
                  <p>{why}</p>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Page>
  );
}
