/** The account menu at the top right: who is signed in, change password, sign out. */
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { type Account, signOut } from '../../shared/api.ts';
import { announce } from '../parts/announce.tsx';
import { roleTitles } from './roles.ts';

export function AccountMenu({ account }: { account: Account }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
    };
  }, [open]);

  const leave = async () => {
    try {
      await signOut();
      // A whole new page: nothing of this account stays in the memory of a shared computer.
      window.location.assign('/sign-in');
    } catch {
      announce('Signing out failed. Try again.');
    }
  };

  return (
    <div className="account" ref={box}>
      <button
        ref={button}
        type="button"
        className="account-button"
        aria-expanded={open}
        aria-controls="account-menu"
        onClick={() => setOpen(!open)}
      >
        <span className="visually-hidden">Account: </span>
        <span className="account-name">{account.name}</span>
        <svg aria-hidden="true" viewBox="0 0 10 6" width="10" height="6">
          <path d="M1 1l4 4 4-4" />
        </svg>
      </button>
      <div id="account-menu" className="account-menu" hidden={!open}>
        <p className="account-who">
          <strong>{account.name}</strong>
          <small>{account.email}</small>
          <small>{roleTitles[account.role]}</small>
        </p>
        <Link to="/account" onClick={() => setOpen(false)}>
          Your account
        </Link>
        <Link to="/account/password" onClick={() => setOpen(false)}>
          Change password
        </Link>
        <button type="button" onClick={() => void leave()}>
          Sign out
        </button>
      </div>
    </div>
  );
}
