import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

const module = fileURLToPath(new URL('../../../local/setup/run-stages.mjs', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-stages-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A part of the tests that does as the shell script says. */
const shell = (name: string, script: string) => ({ name, command: '/bin/sh', args: ['-c', script] });

/** A part that reports numbers as jest does, and then ends with the given code. */
function jestLike(name: string, passed: number, failed: number, code = failed > 0 ? 1 : 0) {
  const report = join(directory, `${name}.json`);
  const numbers = { numPassedTests: passed, numFailedTests: failed, numRuntimeErrorTestSuites: 0 };
  return { ...shell(name, `echo '${JSON.stringify(numbers)}' > '${report}'; exit ${code}`), report };
}

/** Runs the parts in a process of their own, since they write to its terminal. */
async function run(...stages: readonly object[]) {
  const script = `import { runStages } from ${JSON.stringify(module)};
    process.exitCode = await runStages(${JSON.stringify(stages)}, ${JSON.stringify(directory)});`;
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['--input-type=module', '-e', script], {
    reject: false,
  });
  return { exitCode, lines: stdout.split('\n').filter((line) => line !== ''), stderr };
}

describe('running the parts of npm test', () => {
  it('passes when all of them do, and adds up their tests in the last line', async () => {
    const { exitCode, lines } = await run(
      shell('types', 'echo fine'),
      jestLike('unit', 5, 0),
      jestLike('all', 7, 0),
    );
    expect(exitCode).toBe(0);
    expect(lines[0]).toBe('== types');
    expect(lines[1]).toBe('fine');
    expect(lines[2]).toMatch(/^== types: passed \(\d+\.\d s\)$/);
    expect(lines.at(-1)).toBe('12 passed, 0 failed');
  });

  it('stops at the first that fails, and says which', async () => {
    const { exitCode, lines } = await run(jestLike('unit', 5, 2), shell('later', 'echo never seen'));
    expect(exitCode).toBe(1);
    expect(lines).not.toContain('never seen');
    expect(lines.slice(-2)).toEqual(['== unit: FAILED', '5 passed, 2 failed']);
  });

  it('counts a part without tests of its own as one failure', async () => {
    const { exitCode, lines } = await run(shell('types', 'exit 2'));
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
  });

  it('counts a run of jest that fails without a failed test as one failure', async () => {
    expect((await run(jestLike('unit', 5, 0, 1))).lines.at(-1)).toBe('5 passed, 1 failed');
    const broken = { ...shell('unit', 'exit 1'), report: join(directory, 'never-written.json') };
    expect((await run(broken)).lines.at(-1)).toBe('0 passed, 1 failed');
  });

  it('fails when a part cannot be run at all', async () => {
    const { exitCode, lines, stderr } = await run({ name: 'types', command: '/no/such/tsc', args: [] });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('/no/such/tsc cannot be run');
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
  });
});
