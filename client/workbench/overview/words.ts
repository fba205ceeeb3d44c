/** What the overview says of an action and of a change, and where each leads. Used by its page. */

import { counted, formatDay, formatNumber } from '../../shared/format.ts';
import type { Action, Change } from '../../shared/overview-api.ts';

export interface Told {
  /** What is done, as the text of a link. */
  readonly what: string;
  readonly why: string;
  /** Below the study's own address; what begins with a slash stands elsewhere. */
  readonly to: string;
}

/** An action in words. */
export function actionWords({ kind, n, about, day }: Action): Told {
  const id = encodeURIComponent(about?.id ?? '');
  const title = about?.title ?? '';
  const on = day === null ? '' : formatDay(day);
  const many = n ?? 0;
  switch (kind) {
    case 'add-roster':
      return { what: 'Bring in clusters and schools', why: 'The study has no school yet.', to: 'rosters/import' };
    case 'plan-first':
      return {
        what: 'Plan the first administration',
        why: 'Nobody is asked anything yet.',
        to: 'new-administration',
      };
    case 'close-soon':
      return { what: `Look at ${title}`, why: `It closes on ${on}.`, to: `administrations/${id}` };
    case 'call':
      return {
        what: `Call ${counted(many, 'school')}`,
        why: `${title}: few have answered, nobody has opened a link, or messages came back.`,
        to: `administrations/${id}/calls`,
      };
    case 'log-late':
      return {
        what: `Ask for ${counted(many, 'late event')}`,
        why: 'Expected by now and not logged.',
        to: 'fidelity/late',
      };
    case 'resolve':
      return {
        what: `Decide on ${counted(many, 'finding')}`,
        why: 'Something in the logs does not fit.',
        to: 'fidelity/quality',
      };
    case 'open-soon':
      return {
        what: `Get ${title} ready`,
        why: `It opens on ${on}: look through its links and messages.`,
        to: `administrations/${id}`,
      };
    case 'wave-unplanned':
      return {
        what: `Plan the wave ${title}`,
        why: `It opens on ${on}, and no administration is planned in it.`,
        to: 'new-administration',
      };
    case 'begin-model':
      return {
        what: 'Begin a fidelity model',
        why: 'Without one, what is logged makes no score.',
        to: 'fidelity/model',
      };
    case 'publish-model':
      return {
        what: `Publish version ${about?.id ?? ''} of the fidelity model`,
        why: `${title} is a draft: the study is not scored by it.`,
        to: 'fidelity/model',
      };
    case 'lock-model':
      return {
        what: `Lock version ${about?.id ?? ''} of the fidelity model`,
        why: 'Do it before anybody sees outcomes.',
        to: 'fidelity/model',
      };
    case 'publish-draft':
      return {
        what: `Publish or discard the draft of ${title}`,
        why: 'The study uses this instrument.',
        to: `/instruments/drafts/${id}`,
      };
  }
}

const things: Readonly<Record<Change['kind'], { one: string; many: string; to: string }>> = {
  answers: { one: 'answer came in', many: 'answers came in', to: '' },
  logs: { one: 'log or observation was sent', many: 'logs and observations were sent', to: 'fidelity' },
  events: { one: 'event was logged', many: 'events were logged', to: 'fidelity/dose' },
  late: { one: 'event became late', many: 'events became late', to: 'fidelity/late' },
  model: { one: 'step of the fidelity model', many: 'steps of the fidelity model', to: 'fidelity/model' },
  amendments: { one: 'amendment', many: 'amendments', to: 'amendments' },
  bounced: { one: 'message came back', many: 'messages came back', to: '' },
  releases: { one: 'release', many: 'releases', to: 'datasets' },
};

/** A change in words; where it stands in the study, empty where it has no page of its own. */
export function changeWords({ kind, n }: Pick<Change, 'kind' | 'n'>): { readonly what: string; readonly to: string } {
  const { one, many, to } = things[kind];
  // Of answers alone there may be a number that must not be told.
  if (n === null) return { what: 'Answers of single days are not told: too few people stand behind them.', to };
  return { what: `${formatNumber(n)} ${n === 1 ? one : many}`, to };
}
