import { join } from 'node:path';

/**
 * One part of `npm test`.
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} [report] the file that jest writes its numbers to
 * @property {{ args: readonly string[], report: string }} [again] how the same command runs failed files again, which follow
 */

/** How jest runs TypeScript as ES modules. */
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/**
 * The parts of `npm test` in their order, quickest first.
 * @param {readonly string[]} jestArgs passed on to jest, e.g. a path or `-t name`
 * @param {string} directory where jest may write its reports
 * @returns {Stage[]}
 */
export function stagesOf(jestArgs, directory) {
  const whole = jestArgs.length === 0;
  // Unit tests compute, where the others wait: jest leaves a processor idle by default.
  const unitArgs = whole ? ['--maxWorkers=100%'] : jestArgs;
  return [
    { name: 'typecheck', command: 'node_modules/.bin/tsc', args: ['--noEmit'] },
    { name: 'format and lint', command: 'node_modules/.bin/biome', args: ['check', '.'] },
    { name: 'unused code', command: 'node_modules/.bin/knip', args: [] },
    tests('unit', unitArgs, directory),
    {
      ...tests('integration', jestArgs, directory),
      // Whoever asks for certain tests wants to see them fail.
      ...(whole ? { again: secondRun('integration', directory) } : {}),
    },
  ];
}

/**
 * @param {string} project of jest's configuration
 * @param {readonly string[]} jestArgs
 * @param {string} directory
 */
function tests(project, jestArgs, directory) {
  const report = join(directory, `${project}.json`);
  const options = ['--selectProjects', project, '--passWithNoTests', '--json', '--outputFile', report];
  // A path comes last: an option in front of it that takes several values would swallow it.
  return {
    name: `${project} tests`,
    command: process.execPath,
    args: [...jest, ...options, ...jestArgs],
    report,
  };
}

/**
 * @param {string} project
 * @param {string} directory
 */
function secondRun(project, directory) {
  const report = join(directory, `${project}-again.json`);
  const options = [`--selectProjects=${project}`, '--runInBand', '--json', `--outputFile=${report}`];
  return { args: [...jest, ...options, '--runTestsByPath'], report };
}

/** @param {string} invocation how the user called it */
export const usage = (invocation) => `Usage: ${invocation} [-- <jest options and paths>]

Installs what is missing, then runs the type check, the linters, the unit tests and the integration tests.
The first part that fails ends the run. In a run of all tests, up to three failed files of integration tests are run
once more, alone, and the closing lines name what passed only then. Whatever follows -- goes to jest:

  npm test -- test/state            only the tests below test/state
  npm test -- -t 'dead letter'      only the tests with such a name
`;
