/** For whom an overview is made, and what it is made of at once. Used by the files of this folder. */
import type { Administration, Study } from '../../instruments/study.ts';
import type { Authority } from '../authority.ts';
import type { Context } from '../context.ts';

export interface Reader extends Pick<Authority, 'may' | 'scope'> {
  /** True for readers who may not see identified rows. */
  readonly suppress: boolean;
}

export interface Overviewed {
  readonly context: Context;
  readonly study: Study;
  /** All of the study but its pilots, each with the kind of its instrument. */
  readonly administrations: readonly OverviewedAdministration[];
  readonly reader: Reader;
  /** ISO days in the study's time zone; what came after the day of `since` is new. */
  readonly today: string;
  readonly since: string;
  /** The instant a week ago. */
  readonly sinceAt: Date;
}

export interface OverviewedAdministration extends Administration {
  /** A log or an observation is sent in again and again: nothing is made of how many of those who were asked did. */
  readonly repeated: boolean;
}
