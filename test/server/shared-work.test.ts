/** Work that several wait for: done once, heard of by all, ended when nobody is left. */
import { expect, test } from 'vitest';
import { ReaderGone } from '../../server/datasets/formats/body.ts';
import { sharer } from '../../server/shared-work.ts';

/** Work that is finished by hand. */
function byHand() {
  let begun = 0;
  const shared = sharer<number>();
  let finish: (value: number) => void = () => undefined;
  let tell: (share: number) => void = () => undefined;
  let signals: AbortSignal[] = [];
  return {
    owner: {},
    shared,
    begun: () => begun,
    finish: (value: number) => finish(value),
    tell: (share: number) => tell(share),
    signals: () => signals,
    start: ({
      signal,
      onShare,
    }: {
      signal: AbortSignal | undefined;
      onShare: ((share: number) => void) | undefined;
    }) => {
      begun += 1;
      if (signal) signals = [...signals, signal];
      tell = (share) => onShare?.(share);
      return new Promise<number>((resolve, reject) => {
        finish = resolve;
        signal?.addEventListener('abort', () => reject(new Error('ended')));
      });
    },
  };
}

test('two who ask at once wait for the same work, and who comes later hears how far it is', async () => {
  const work = byHand();
  const heard: [string, number][] = [];
  const ask = (name: string) =>
    work.shared(work.owner, 'report', { onShare: (share) => void heard.push([name, share]) }, work.start);
  const first = ask('first');
  work.tell(0.3);
  const second = ask('second');
  work.tell(0.6);
  expect(heard).toEqual([
    ['first', 0.3],
    ['second', 0.3],
    ['first', 0.6],
    ['second', 0.6],
  ]);
  work.finish(42);
  expect(await Promise.all([first, second])).toEqual([42, 42]);
  expect(work.begun()).toBe(1);
  const third = ask('third');
  work.finish(43);
  expect([await third, work.begun()]).toEqual([43, 2]);
});

test('who leaves takes nothing from who stays; when all have left it ends, and begins anew for the next', async () => {
  const work = byHand();
  const [one, other] = [new AbortController(), new AbortController()];
  const ask = ({ signal }: AbortController) => work.shared(work.owner, 'report', { signal }, work.start);
  const [first, second] = [ask(one), ask(other)];
  one.abort();
  await expect(first).rejects.toBeInstanceOf(ReaderGone);
  expect(work.signals()[0]?.aborted).toBe(false);
  other.abort();
  await expect(second).rejects.toBeInstanceOf(ReaderGone);
  expect(work.signals()[0]?.aborted).toBe(true);
  const third = ask(new AbortController());
  work.finish(1);
  expect([await third, work.begun()]).toEqual([1, 2]);
  await expect(ask(one)).rejects.toBeInstanceOf(ReaderGone);
});
