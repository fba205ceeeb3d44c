/** The button that loads the demonstration study, and how far it has come. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId } from 'react';
import { getDemoProgress, loadDemo } from '../../shared/api.ts';
import { formatPercent } from '../../shared/format.ts';
import { demoKey, studiesKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ProblemView } from '../parts/loaded.tsx';

export function LoadDemo({ main = false }: { main?: boolean }) {
  const client = useQueryClient();
  const id = useId();
  const progress = useQuery({
    queryKey: demoKey,
    queryFn: getDemoProgress,
    refetchInterval: (query) => (query.state.data?.state === 'loading' ? 500 : false),
  });
  const start = useMutation({
    mutationFn: loadDemo,
    onSuccess: async () => {
      announce('Loading the demonstration study.');
      client.setQueryData(demoKey, { state: 'loading', done: 0, total: 0 });
      await client.invalidateQueries({ queryKey: demoKey });
    },
  });

  const state = progress.data?.state;
  useEffect(() => {
    if (state !== 'loaded') return;
    announce('The demonstration study has been loaded.');
    void client.invalidateQueries({ queryKey: studiesKey });
  }, [state, client]);

  const error = start.error ?? progress.error;
  if (state === 'loading') {
    const { done = 0, total = 0 } = progress.data ?? {};
    return (
      <div className="progress">
        <label htmlFor={id}>Loading the demonstration study…</label>
        <progress id={id} max={total || 1} {...(total > 0 ? { value: done } : {})} />
        {total > 0 && <span aria-hidden="true">{formatPercent(done / total)}</span>}
      </div>
    );
  }
  return (
    <div className="load-demo">
      {error !== null && <ProblemView error={error} />}
      {state === 'failed' && error === null && (
        <p className="notice notice-bad">Loading the demonstration study did not finish. It can be loaded again.</p>
      )}
      <button
        type="button"
        className={main ? 'button button-main' : 'button'}
        disabled={start.isPending || progress.isPending}
        onClick={() => start.mutate()}
      >
        Load the demonstration study
      </button>
    </div>
  );
}
