/** Stands in place of what a role may not see, and asks the server for nothing: whose it is and what one can do. */
import type { ReactNode } from 'react';
import { roleTitles } from '../accounts/roles.ts';
import { useSessionQuery } from '../session.tsx';

interface NotYoursProps {
  readonly title: string;
  /** For whom it is and why. */
  readonly children: ReactNode;
}

export function NotYours({ title, children }: NotYoursProps) {
  const { data } = useSessionQuery();
  const role = data?.account ? roleTitles[data.account.role] : null;
  return (
    <div className="notice">
      <p className="notice-title">{title}</p>
      <p>{children}</p>
      <p>
        {role && <>The role of your account is {role.toLocaleLowerCase('en-GB')}. </>}
        Ask an administrator of this installation if you need more.
      </p>
    </div>
  );
}
