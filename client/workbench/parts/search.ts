/** The filters of a page, kept in its address, so that a link leads to what is seen. Used by every list with filters. */
import { useSearchParams } from 'react-router';

/**
 * The search part of the address, and a way to change it. A change begins from the address as it is at that moment, not
 * from what was drawn last: two filters set one right after the other both hold.
 */
export function useSearch(): [search: URLSearchParams, change: (edit: (next: URLSearchParams) => void) => void] {
  const [search, setSearch] = useSearchParams();
  return [
    search,
    (edit) => {
      const next = new URLSearchParams(window.location.search);
      edit(next);
      setSearch(next, { replace: true });
    },
  ];
}

/** Sets one filter; another one than the page begins at the first page again. */
export function setFilter(next: URLSearchParams, name: string, value: string): void {
  if (value === '' || (name === 'page' && value === '1')) next.delete(name);
  else next.set(name, value);
  if (name !== 'page') next.delete('page');
}
