/** zod schemas of accounts: for the routes and for the command line. */
import { z } from 'zod';
import { accountRoles } from '../permissions.ts';
import { passwordLength } from './passwords.ts';

/** Whether it is good enough besides is for checkPassword to say, which knows whose it is. */
export const newPassword = z.string().min(passwordLength.least).max(passwordLength.most);

/** A password that is to be checked, not chosen: its length is nobody's business, but it has an end. */
export const givenPassword = z.string().min(1).max(1000);

export const newAccountSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}]*$/u, 'must not hold control characters'),
  email: z.email().max(254),
  role: z.enum(accountRoles),
  password: newPassword,
});

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(accountRoles),
});

export const pendingLinkSchema = z.object({ url: z.string(), expiresAt: z.iso.datetime() });

export const listedAccountSchema = accountSchema.extend({
  createdAt: z.iso.datetime(),
  state: z.enum(['invited', 'active']),
  /** Whether two-factor sign-in is on. */
  secondFactor: z.boolean(),
  /** Of somebody who has not accepted yet. */
  invitation: pendingLinkSchema.nullable(),
});
