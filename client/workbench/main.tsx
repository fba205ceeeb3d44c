/** Entry of the workbench, the evaluator's and analyst's application; loaded by index.html. */
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import '../shared/theme.css';
import { ApiProblem } from '../shared/http.ts';
import { sessionKey } from './keys.ts';
import './layout.css';
import './parts.css';
import './tables.css';
import './pages.css';
import './instruments/instruments.css';
import './messages/messages.css';
import './fidelity/fidelity.css';
import './paper/paper.css';
import './print.css';
import { makeRouter } from './routes.tsx';

/** A session that has ended is found out by whichever request comes next; asking for it again leads to sign-in. */
function onError(error: unknown): void {
  if (error instanceof ApiProblem && error.code === 'not-signed-in') {
    void client.invalidateQueries({ queryKey: sessionKey });
  }
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; only a lost network or an engine restart is worth another try.
      retry: (failures, error) =>
        error instanceof ApiProblem && (error.status === 0 || error.status === 503) && failures < 2,
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={makeRouter()} />
    </QueryClientProvider>
  </StrictMode>,
);
