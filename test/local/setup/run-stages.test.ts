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

const file = (name: string, ...statuses: ('passed' | 'failed')[]) => ({
  name: join(directory, name),
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, index) => ({ status, fullName: `${name} ${index + 1}` })),
});

/** A part whose failed files are run a second time, with what jest would report of both runs. */
function twice(first: readonly ReturnType<typeof file>[], second: readonly ReturnType<typeof file>[]) {
  const writing = (name: string, testResults: readonly ReturnType<typeof file>[]) => {
    const report = join(directory, name);
    const failed = testResults.filter(({ status }) => status === 'failed').length;
    const numbers = { numPassedTests: 0, numFailedTests: failed, numRuntimeErrorTestSuites: 0, testResults };
    return { report, script: `echo '${JSON.stringify(numbers)}' > '${report}'; exit ${failed > 0 ? 1 : 0}` };
  };
  const [one, two] = [writing('one.json', first), writing('two.json', second)];
  const again = { args: ['-c', `echo "again: $*"; ${two.script}`, 'sh'], report: two.report };
  return { ...shell('servers', one.script), report: one.report, again };
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

describe('a part whose failed files are run again', () => {
  it('passes when they pass alone, counts them once, and names what was unsteady', async () => {
    const first = [file('calm', 'passed', 'passed'), file('shaky', 'passed', 'failed')];
    const { exitCode, lines } = await run(
      twice(first, [file('shaky', 'passed', 'passed')]),
      jestLike('later', 1, 0),
    );
    expect(exitCode).toBe(0);
    expect(lines).toContain('== servers: once more, alone: shaky');
    expect(lines).toContain(`again: ${join(directory, 'shaky')}`);
    expect(lines.slice(-2)).toEqual([
      'failed at first, passed when its file was run again alone: shaky 2',
      '5 passed, 0 failed',
    ]);
  });

  it('fails when one of them fails again', async () => {
    const first = [file('broken', 'failed', 'passed'), file('shaky', 'failed')];
    const { exitCode, lines } = await run(
      twice(first, [file('broken', 'failed', 'passed'), file('shaky', 'passed')]),
    );
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('2 passed, 1 failed');
  });

  it('fails at once when more than three files fail', async () => {
    const first = ['a', 'b', 'c', 'd'].map((name) => file(name, 'failed'));
    const { exitCode, lines } = await run(twice(first, [file('a', 'passed')]));
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 4 failed');
    expect(lines.join()).not.toContain('again');
  });

  it('counts a file that could not be loaded as a failure until it can', async () => {
    const unloadable = { ...file('torn'), status: 'failed' };
    expect((await run(twice([unloadable], [unloadable]))).lines.at(-1)).toBe('0 passed, 1 failed');
  });

  it('fails when the second run breaks before it could count', async () => {
    const stage = twice([file('shaky', 'failed')], []);
    const { exitCode } = await run({ ...stage, again: { ...stage.again, args: ['-c', 'exit 1'] } });
    expect(exitCode).toBe(1);
  });
});
