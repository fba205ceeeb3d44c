/** `fidelis demo`: the demonstration study. */
import { Command } from 'commander';
import { recordCommand } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { demoSurveyLink, loadDemo } from '../demo/load.ts';
import { act, progressLine, withContext } from './run.ts';

export function demoCommands(): Command {
  const demo = new Command('demo').description('the demonstration study (simulated data)');
  act(demo.command('load').description('load it, unless it is there'), async () => {
    const progress = progressLine('Loading the demonstration study');
    const started = performance.now();
    const load = async (context: Context) => {
      const result = await recordCommand(context, { verb: 'study.create', study: 'demo' }, () =>
        loadDemo(context, { onProgress: ({ done, total }) => progress.show(done, total) }),
      );
      return { ...result, link: await demoSurveyLink(context) };
    };
    const { loaded, link } = await withContext(load, { creates: true });
    progress.end();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return {
      json: { study: 'demo', loaded, seconds, link },
      lines: [
        loaded
          ? `Loaded the demonstration study (simulated data) in ${seconds} s.`
          : 'The demonstration study is there already.',
        ...(link ? [`A teacher's survey link: ${link}`] : []),
      ],
    };
  });
  return demo;
}
