import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { sum, totalsOf } from '../../../local/setup/jest-totals.mjs';
import { stagesOf } from '../../../local/setup/stages.mjs';

describe('npm test', () => {
  it('checks types first, then style, then behaviour', () => {
    expect(stagesOf([], '/reports').map(({ name }) => name)).toEqual([
      'typecheck',
      'format and lint',
      'unused code',
      'unit tests',
      'integration tests',
    ]);
  });

  it('hands its arguments to jest, and to nothing else', () => {
    const stages = stagesOf(['test/state', '-t', 'dead letter'], '/reports');
    const given = stages.filter(({ args }) => args.slice(-3).join(' ') === 'test/state -t dead letter');
    expect(given.map(({ name }) => name)).toEqual(['unit tests', 'integration tests']);
  });

  it('lets each run of jest report into a file of its own', () => {
    const reports = stagesOf([], '/reports').flatMap(({ report }) => report ?? []);
    expect(reports).toEqual(['/reports/unit.json', '/reports/integration.json']);
  });

  it('runs failed integration tests a second time only when it runs all of them', () => {
    const repeated = (args: readonly string[]) =>
      stagesOf(args, '/reports').flatMap(({ name, again }) => (again === undefined ? [] : [name]));
    expect(repeated([])).toEqual(['integration tests']);
    expect(repeated(['test/state'])).toEqual([]);
  });

  it('lets every processor take part in the unit tests, unless certain ones are asked for', () => {
    const parallel = (args: readonly string[]) =>
      stagesOf(args, '/reports').flatMap((stage) =>
        stage.args.includes('--maxWorkers=100%') ? [stage.name] : [],
      );
    expect(parallel([])).toEqual(['unit tests']);
    expect(parallel(['--runInBand'])).toEqual([]);
  });

  it('explains itself without installing or running anything', async () => {
    const { stdout, stderr } = await execa(process.execPath, ['local/setup/check.mjs', '--help']);
    expect(stdout).toContain('npm test -- test/state');
    expect(stderr).toBe('');
  });
});

describe('the closing numbers', () => {
  it('are those of jest', () => {
    const report = { numPassedTests: 12, numFailedTests: 2, numRuntimeErrorTestSuites: 0 };
    expect(totalsOf(report)).toEqual({ passed: 12, failed: 2 });
  });

  it('count a test file that cannot be loaded as a failure', () => {
    const report = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
    expect(totalsOf(report)).toEqual({ passed: 0, failed: 1 });
  });

  it('add up over all runs', () => {
    expect(
      sum([
        { passed: 3, failed: 0 },
        { passed: 4, failed: 1 },
      ]),
    ).toEqual({ passed: 7, failed: 1 });
    expect(sum([])).toEqual({ passed: 0, failed: 0 });
  });
});
