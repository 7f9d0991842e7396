import { describe, expect, it } from '@jest/globals';
import { SetupError } from '../../../local/setup/setup-error.mjs';
import { runStep } from '../../../local/setup/step.mjs';

/** Runs a step and collects what the user sees. */
async function run(script: string): Promise<{ readonly shown: string; readonly error: unknown }> {
  let shown = '';
  const out = { write: (text: string) => (shown += text) };
  const error = await runStep('Fetching', 'sh', ['-c', script], { out }).catch((thrown: unknown) => thrown);
  return { shown, error };
}

describe('a step of the setup', () => {
  it('shows one line and nothing of what the program writes', async () => {
    const { shown, error } = await run('echo noise; echo trouble >&2');
    expect(error).toBeUndefined();
    expect(shown).toMatch(/^Fetching \.\.\. done \(\d+ s\)\n$/);
  });

  it('reports all that the program wrote when it fails', async () => {
    const { shown, error } = await run('echo before; echo cause >&2; exit 7');
    expect(shown).toBe('Fetching ... failed\n');
    expect(error).toBeInstanceOf(SetupError);
    expect((error as Error).message).toBe('before\ncause\nFetching: sh failed with code 7');
  });

  it('reports a program that was ended by a signal', async () => {
    const { error } = await run('kill -9 $$');
    expect((error as Error).message).toContain('was ended by SIGKILL');
  });

  it('reports a program that is not there', async () => {
    const failure = runStep('Fetching', 'no-such-program', [], { out: { write: () => undefined } });
    await expect(failure).rejects.toThrow(/no-such-program cannot be run: .*ENOENT/);
  });
});
