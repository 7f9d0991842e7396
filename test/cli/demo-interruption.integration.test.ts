import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.ts';

const program = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

describe('a demo that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s while orders are placed says that it has stopped, and nothing more',
    async (signal) => {
      const args = ['--import', 'tsx', program, 'demo', '--orders', '400', '--rate', '8'];
      const demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(demo, 'exit');
      let out = '';
      let err = '';
      demo.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      demo.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      await eventually(() => expect(out).toMatch(/[1-9]\d* of 400 placed/), 120_000);
      demo.kill(signal);
      expect(await ended).toEqual([130, null]);
      expect(out.trimEnd().split('\n').at(-1)).toMatch(/^Stopped/);
      expect(err).toBe('');
    },
    240_000,
  );
});
