import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { childrenOf, isAlive, isListening } from './alive.ts';

const script = fileURLToPath(new URL('../fixtures/doomed-supervisor.ts', import.meta.url));
let supervisor: ChildProcess | undefined;

afterEach(() => {
  supervisor?.kill('SIGKILL');
});

/** Starts a supervisor with two services and waits until it says that they are ready. */
async function startSupervisor() {
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  supervisor = child;
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const said: { readonly directory: string; readonly ports: readonly number[] } = JSON.parse(line);
  return { ...said, pid: child.pid ?? 0 };
}

// What a process has started can be asked of the system only on Linux; the rest of the checks runs everywhere.
const startedBy = (pid: number) => (process.platform === 'linux' ? childrenOf(pid) : []);

describe('a supervisor that ends without stopping its services', () => {
  it.each(['SIGKILL', 'SIGUSR2'] as const)(
    'leaves no process, port or directory behind after %s',
    async (signal) => {
      const { pid, directory, ports } = await startSupervisor();
      const children = startedBy(pid);
      if (process.platform === 'linux') expect(children.length).toBeGreaterThanOrEqual(3);
      expect(existsSync(directory)).toBe(true);
      expect(await Promise.all(ports.map(isListening))).toEqual([true, true]);

      process.kill(pid, signal);

      await eventually(async () => {
        expect(children.filter(isAlive)).toEqual([]);
        expect(await Promise.all(ports.map(isListening))).toEqual([false, false]);
        expect(existsSync(directory)).toBe(false);
      });
    },
  );
});
