/** What stands around every page: skip link, name, main navigation, account menu; and pages for what went wrong. */
import { Link, NavLink, Outlet, useLocation } from 'react-router';
import { AccountMenu } from './accounts/menu.tsx';
import { Announcements } from './parts/announce.tsx';
import { Page } from './parts/page.tsx';
import { SignedIn, useMay, useSessionQuery } from './session.tsx';

function SkipLink() {
  return (
    <a className="skip-link" href="#main">
      Skip to the content
    </a>
  );
}

function Brand() {
  return (
    <Link to="/" className="brand">
      <svg aria-hidden="true" viewBox="0 0 32 32" width="28" height="28">
        <rect width="32" height="32" rx="7" />
        <path d="M9 8h15v4H9zM9 14h10v4H9zM9 20h6v4H9z" />
      </svg>
      Fidelis
    </Link>
  );
}

/** For signed-in people. */
export function Layout() {
  const { data: session } = useSessionQuery();
  const mayManage = useMay('account.manage');
  const mayAudit = useMay('audit.read');
  return (
    <>
      <SkipLink />
      <header className="top">
        <div className="top-inner">
          <Brand />
          <nav aria-label="Main" className="top-nav">
            <StudiesLink />
            <NavLink to="/instruments">Instruments</NavLink>
            {mayManage && <NavLink to="/accounts">Accounts</NavLink>}
            {mayAudit && <NavLink to="/audit">Audit</NavLink>}
          </nav>
          {session?.account && <AccountMenu account={session.account} />}
        </div>
      </header>
      <main id="main" tabIndex={-1} className="content">
        <SignedIn>
          <Outlet />
        </SignedIn>
      </main>
      <Announcements />
    </>
  );
}

/** Studies live at the root and below /studies: the link is current in both places. */
function StudiesLink() {
  const { pathname } = useLocation();
  const current = pathname === '/' || pathname.startsWith('/studies/');
  return (
    <Link to="/" className={current ? 'active' : ''} {...(current ? { 'aria-current': 'page' as const } : {})}>
      Studies
    </Link>
  );
}

/** For the pages before signing in: nothing but the name. */
export function QuietLayout() {
  return (
    <>
      <SkipLink />
      <header className="top">
        <div className="top-inner">
          <Brand />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="content content-narrow">
        <Outlet />
      </main>
      <Announcements />
    </>
  );
}

export function NotFoundPage() {
  return (
    <Page title="Page not found" lead={<p>There is nothing at this address. It may have been mistyped or removed.</p>}>
      <p>
        <Link to="/">Go to the studies</Link>
      </p>
    </Page>
  );
}

/** When a page itself fails, or a piece of it could not be loaded after the server was updated. */
export function BrokenPage() {
  return (
    <main className="content content-narrow">
      <h1>This page could not be shown</h1>
      <p className="lead">
        Something went wrong in the page itself, or the server was updated meanwhile. Nothing was lost. Reload the page;
        if it happens again, tell the administrator of this installation.
      </p>
      <p className="form">
        <button type="button" className="button button-main" onClick={() => window.location.reload()}>
          Reload the page
        </button>
      </p>
    </main>
  );
}
