/** The button that loads the demonstration study, and how far it has come. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { getDemoProgress, loadDemo } from '../../shared/api.ts';
import { formatPercent } from '../../shared/format.ts';
import { demoKey, studiesKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ProblemView } from '../parts/loaded.tsx';

/** After the start the server may still tell of the state before; so long, in milliseconds, it is not believed. */
const settleFor = 3000;

export function LoadDemo({ main = false }: { main?: boolean }) {
  const client = useQueryClient();
  const id = useId();
  const [startedAt, setStartedAt] = useState(Number.NEGATIVE_INFINITY);
  const justStarted = () => performance.now() - startedAt < settleFor;
  const progress = useQuery({
    queryKey: demoKey,
    queryFn: getDemoProgress,
    refetchInterval: ({ state: { data } }) => (data?.state === 'loading' || justStarted() ? 500 : false),
  });
  const start = useMutation({
    mutationFn: loadDemo,
    onSuccess: async () => {
      announce('Loading the demonstration study.');
      setStartedAt(performance.now());
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
  if (state === 'loading' || (state !== 'loaded' && justStarted())) {
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
