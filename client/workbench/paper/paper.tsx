/** /studies/:study/administrations/:administration/paper: the paper forms, which of them wait for whom, and a new one. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { roleTitles } from '../../../instruments/study.ts';
import { formatNumber, formatPercent } from '../../shared/format.ts';
import { listPapers, type PaperList, type PaperSummary, paperStates, planPaperEntry } from '../../shared/paper-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Figures } from '../parts/marks.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { Pager } from '../parts/table-controls.tsx';
import { useMay } from '../session.tsx';
import { NewPaperForm } from './new-paper.tsx';
import { stateMarks, stateTitles, titleOf } from './words.ts';

const pageLength = 50;

export function PaperPart() {
  const { administration, detail } = useFieldwork();
  const may = useMay('paper.enter', detail.study.id);
  if (may) return <Papers />;
  return (
    <Part title="Paper" of={administration.title}>
      <NotYours title="Paper forms are for those who type them">
        Whoever types a form reads what somebody answered. How many people have responded stands under Response rates.
      </NotYours>
    </Part>
  );
}

function Papers() {
  const { administration, detail } = useFieldwork();
  const mayPlan = useMay('administration.manage', detail.study.id);
  const [search, setSearch] = useSearch();
  const [state, page] = [search.get('state') ?? '', Number(search.get('page') ?? '1') || 1];
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'paper', 'list', state, page],
    queryFn: () => listPapers(detail.study.id, administration.id, { state, page }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const change = (name: string, value: string) => setSearch((next) => setFilter(next, name, value));
  return (
    <Part title="Paper" of={administration.title}>
      <p className="soft measure">
        Answers from paper are typed here, by the keyboard alone. Typed twice, a second person types each form without
        seeing the first entry, and where the two differ somebody decides. Then the answers count as any others.
      </p>
      <Loaded query={query} what="the paper forms">
        {(list) => (
          <>
            <Agreement list={list} />
            {mayPlan && <Plan list={list} />}
            <section className="card card-narrow" aria-labelledby="paper-new">
              <h3 id="paper-new">Type a form</h3>
              <NewPaperForm list={list} />
            </section>
            <section className="card" aria-labelledby="paper-forms" aria-busy={query.isPlaceholderData}>
              <h3 id="paper-forms">Forms</h3>
              <div className="filters">
                <Select
                  label="State"
                  name="state"
                  value={state}
                  onChange={(value) => change('state', value)}
                  options={[
                    { value: '', title: 'All' },
                    ...paperStates.map((one) => ({
                      value: one,
                      title: `${stateTitles[one]} (${formatNumber(list.states[one])})`,
                    })),
                  ]}
                />
              </div>
              {list.forms.length === 0 ? (
                <Empty title={state === '' ? 'No form yet' : 'No form is in this state'}>
                  {state === '' && <p>Take the first one from the stack, and begin above.</p>}
                </Empty>
              ) : (
                <ul className="list">
                  {list.forms.map((form) => (
                    <FormLine key={form.id} form={form} />
                  ))}
                </ul>
              )}
              {list.pages > 1 && (
                <Pager
                  what="paper forms"
                  page={page}
                  pages={list.pages}
                  first={(page - 1) * pageLength + 1}
                  last={Math.min(list.total, (page - 1) * pageLength + list.forms.length)}
                  total={list.total}
                  go={(next) => change('page', String(next))}
                />
              )}
            </section>
          </>
        )}
      </Loaded>
    </Part>
  );
}

/** How well two people agree who typed the same forms. */
function Agreement({ list: { agreement, states } }: { list: PaperList }) {
  if (agreement.forms === 0) return null;
  return (
    <section aria-labelledby="paper-agreement">
      <h3 id="paper-agreement">Agreement of two entries</h3>
      <Figures
        figures={[
          ['Forms compared', agreement.forms],
          ['Fields compared', agreement.compared],
          ['Fields that differ', agreement.differ],
          ['Forms taken', states.sent],
        ]}
      />
      <p>Error rate: {formatPercent(agreement.rate, 2)} of the fields, before anything was decided.</p>
    </section>
  );
}

function Plan({ list }: { list: PaperList }) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const plan = async (value: string) => {
    await planPaperEntry(detail.study.id, administration.id, value === 'single' ? 'single' : 'double');
    announce('It holds for forms that are begun from now on.');
    await client.invalidateQueries({ queryKey: administrationKey(detail.study.id, administration.id) });
  };
  return (
    <div className="card-narrow">
      <Select
        label="Each form is typed"
        name="entry"
        value={list.entry}
        hint="Holds for forms that are begun from now on."
        onChange={(value) => void plan(value)}
        options={[
          { value: 'double', title: 'Twice, by two people' },
          { value: 'single', title: 'Once' },
        ]}
      />
    </div>
  );
}

const todoTitles: Readonly<Record<NonNullable<PaperSummary['todo']>, string>> = {
  type: 'Type it',
  decide: 'Decide',
  send: 'Take the answers',
};

function FormLine({ form }: { form: PaperSummary }) {
  const { detail } = useFieldwork();
  const mayOpen = useMay('administration.manage', detail.study.id);
  const school = detail.schools.find(({ id }) => id === form.school)?.name;
  const typists = [form.first, form.second].flatMap((one) =>
    one === null ? [] : [`${one.name}${one.finishedAt === null ? ' (typing)' : ''}`],
  );
  const about = [
    school,
    form.role && roleTitles[form.role],
    typists.length > 0 && `typed by ${typists.join(' and ')}`,
    form.compared !== null && `fields that differ: ${form.differ} of ${form.compared}`,
  ];
  const title = titleOf(form);
  return (
    <li className="list-row">
      <div className="list-main">
        <p className="list-title">
          {title} <span className={`mark ${stateMarks[form.state]}`}>{stateTitles[form.state]}</span>
        </p>
        <p className="soft">{about.filter(Boolean).join(' · ')}</p>
      </div>
      {(form.todo !== null || mayOpen) && (
        <Link className="button button-small" to={form.id}>
          {form.todo === null ? 'Open' : todoTitles[form.todo]}
          <span className="visually-hidden">: {title}</span>
        </Link>
      )}
    </li>
  );
}
