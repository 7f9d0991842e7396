import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-ci-'));
  mkdirSync(join(directory, '.ci'));
  copyFileSync(fileURLToPath(new URL('../../../.ci/run', import.meta.url)), join(directory, '.ci', 'run'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Runs the script with an npm whose test and demo commands end as given. */
async function run(tests: { readonly closing: string; readonly code: number }, demoCode: number) {
  const npm = join(directory, 'npm');
  writeFileSync(
    npm,
    `#!/bin/sh
echo "npm $* in $(pwd)"
[ "$1" = test ] || exit ${demoCode}
echo '${tests.closing}'; exit ${tests.code}
`,
  );
  chmodSync(npm, 0o755);
  const PATH = [directory, process.env['PATH']].join(delimiter);
  const { exitCode, stdout } = await execa(join(directory, '.ci', 'run'), {
    env: { PATH },
    cwd: tmpdir(),
    reject: false,
  });
  const lines = stdout.split('\n');
  return { exitCode, calls: lines.filter((line) => line.startsWith('npm ')), last: lines.at(-1) };
}

describe('continuous integration', () => {
  it('runs the tests and then the demonstration, in the checkout', async () => {
    const { calls } = await run({ closing: '12 passed, 0 failed', code: 0 }, 0);
    expect(calls).toEqual([`npm test in ${directory}`, `npm run demo -- --orders 100 in ${directory}`]);
  });

  it.each([
    ['both succeed', '12 passed, 0 failed', 0, 0, '13 passed, 0 failed', 0],
    ['tests fail', '10 passed, 2 failed', 1, 0, '11 passed, 2 failed', 1],
    ['the demonstration fails', '12 passed, 0 failed', 0, 1, '12 passed, 1 failed', 1],
    ['the tests break before they are counted', 'out of memory', 1, 0, '1 passed, 1 failed', 1],
    ['both fail', '3 passed, 1 failed', 1, 1, '3 passed, 2 failed', 1],
  ])('closes with the right numbers when %s', async (_, closing, testCode, demoCode, last, exitCode) => {
    expect(await run({ closing, code: testCode }, demoCode)).toMatchObject({ last, exitCode });
  });
});
