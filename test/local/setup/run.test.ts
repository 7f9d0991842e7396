import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

const script = fileURLToPath(new URL('../../../local/setup/run.mjs', import.meta.url));

describe('the command line', () => {
  it('explains itself, wherever it is called from', async () => {
    const { stdout, stderr } = await execa(process.execPath, [script, '--help'], { cwd: tmpdir() });
    expect(stdout).toMatch(/^Usage: smarteats/);
    for (const command of ['up', 'demo', 'synth']) expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    expect(stderr).toBe('');
  });

  it('fails for a command that it does not know', async () => {
    const { exitCode, stderr } = await execa(process.execPath, [script, 'no-such-command'], {
      reject: false,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("unknown command 'no-such-command'");
  });
});
