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

/** Runs the script with an npm whose test and demo commands end as given, and whose others succeed. */
async function run(tests: { readonly closing: string; readonly code: number }, demoCode: number) {
  const npm = join(directory, 'npm');
  writeFileSync(
    npm,
    `#!/bin/sh
echo "npm $* in $(pwd)"
[ "$1 $2" = 'run demo' ] && exit ${demoCode}
[ "$1" = test ] || exit 0
echo '${tests.closing}'; exit ${tests.code}
`,
  );
  chmodSync(npm, 0o755);
  const checkStart = join(directory, '.ci', 'check-start');
  writeFileSync(checkStart, '#!/bin/sh\nexec npm start\n', { mode: 0o755 });
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
  it('runs the tests and then every other command of the README, in the checkout', async () => {
    const { calls } = await run({ closing: '12 passed, 0 failed', code: 0 }, 0);
    const commands = [
      'test',
      'run demo -- --orders 100',
      'start',
      'run synth',
      'run synth',
      'run smarteats -- --help',
    ];
    expect(calls).toEqual(commands.map((command) => `npm ${command} in ${directory}`));
  });

  it.each([
    ['all succeed', '12 passed, 0 failed', 0, 0, '17 passed, 0 failed', 0],
    ['tests fail', '10 passed, 2 failed', 1, 0, '15 passed, 2 failed', 1],
    ['the demonstration fails', '12 passed, 0 failed', 0, 1, '16 passed, 1 failed', 1],
    ['the tests break before they are counted', 'out of memory', 1, 0, '5 passed, 1 failed', 1],
    ['both fail', '3 passed, 1 failed', 1, 1, '7 passed, 2 failed', 1],
  ])('closes with the right numbers when %s', async (_, closing, testCode, demoCode, last, exitCode) => {
    expect(await run({ closing, code: testCode }, demoCode)).toMatchObject({ last, exitCode });
  });
});
