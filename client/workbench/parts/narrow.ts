/** Whether the screen is as narrow as a phone's, for what a style sheet cannot arrange: charts, the order of columns. */
import { useSyncExternalStore } from 'react';

// Asked for when it is needed: a test reads the router's list of pages where there is no window.
const phone = () => window.matchMedia('(max-width: 40rem)');

function subscribe(listener: () => void): () => void {
  const query = phone();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => phone().matches);
