/** The real command line in processes of its own, and study files for it. Used by the tests of the command line. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../server/package-root.ts';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the real command line in a process of its own. */
export function fidelis(data: string, args: readonly string[], input?: string): Promise<Ran> {
  return collect(start(data, args), input);
}

/** Starts a command on a data folder, with nothing else of this process's environment than what it needs to run. */
export function start(data: string, args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', join(packageRoot, 'server', 'cli', 'main.ts'), ...args], {
    cwd: packageRoot,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, FIDELIS_DATA: data, ...environment },
  });
}

/** What the process prints, and its exit code. */
export function collect(child: ChildProcess, input?: string): Promise<Ran> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (data) => {
    out += String(data);
  });
  child.stderr?.on('data', (data) => {
    err += String(data);
  });
  child.stdin?.end(input ?? '');
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** A study file with one administration of the instrument. */
export async function studyFile(folder: string, id: string, instrument: string, simulated: boolean): Promise<string> {
  const file = join(folder, `${id}.json`);
  const days = { opens: '2026-01-01', closes: '2030-12-31' };
  const school = { arm: 'all', cluster: null, phase: 'primary', pupils: null, disadvantaged: null };
  await writeFile(
    file,
    JSON.stringify({
      study: {
        id,
        title: `Study ${id}`,
        description: '',
        simulated,
        timeZone: 'Europe/London',
        minimumCell: 5,
        arms: [{ id: 'all', title: 'Everybody', kind: 'comparison' }],
        waves: [{ id: 'only', title: 'Only wave', ...days }],
      },
      schools: [
        { id: 's1', name: 'First', ...school },
        { id: 's2', name: 'Second', ...school },
      ],
      people: [
        { id: 'p1', school: 's1', cluster: null, arm: 'all', role: 'teacher' },
        { id: 'p2', school: 's2', cluster: null, arm: 'all', role: 'teacher' },
        { id: 'p3', school: 's2', cluster: null, arm: 'all', role: 'headteacher' },
      ],
      administrations: [
        {
          id: 'survey',
          title: 'Survey',
          instrument,
          version: 1,
          wave: 'only',
          audience: { arms: ['all'], roles: ['teacher'] },
          mode: 'confidential',
          ...days,
          state: 'open',
          information: { version: 1, asker: 'Us', paragraphs: ['Why.'], consent: 'Yes.', contact: 'us@example.org' },
        },
      ],
    }),
  );
  return file;
}
