/** A small button whose step is taken at once, one at a time; when it is refused, the reason stands beside it. */
import { type ReactNode, useState } from 'react';
import { ProblemView } from './loaded.tsx';

export function ActionButton({ act, children }: { act: () => Promise<unknown>; children: ReactNode }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="action">
      <button type="button" className="button button-small" aria-disabled={busy} onClick={() => void press()}>
        {children}
      </button>
      {error !== null && <ProblemView error={error} />}
    </span>
  );
}
