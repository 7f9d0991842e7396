/**
 * What a second run of failed test files says about the first.
 *
 * The integration tests kill, freeze and cut off real servers. On a machine that hangs for some seconds one of them
 * can fail without the product being at fault; a file that fails alone, too, has found something.
 */

/**
 * The part of jest's `--json` that this needs.
 * @typedef {object} Report
 * @property {readonly { name: string, status: string, assertionResults: readonly { status: string, fullName: string }[] }[]} testResults
 */

/** A machine that hangs hits few files; where more of them fail, the change is at fault. */
const mostFiles = 3;

/**
 * @param {Report} report
 * @returns {string[]} the files to run again; none when too many failed
 */
export function filesToRunAgain(report) {
  const failed = report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
  return failed.length > mostFiles ? [] : failed;
}

/**
 * @param {Report} report
 * @returns {string[]} the failed tests; a file that could not be loaded stands for its tests
 */
export function failedTests(report) {
  return report.testResults.flatMap(({ name, status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
    return status === 'failed' && tests.length === 0 ? [name] : tests;
  });
}

/**
 * Counts each file by its last run.
 * @param {Report} first
 * @param {Report} second
 * @returns {import('./jest-totals.mjs').Totals}
 */
export function totalsOfBoth(first, second) {
  const again = new Set(second.testResults.map(({ name }) => name));
  const testResults = [...first.testResults.filter(({ name }) => !again.has(name)), ...second.testResults];
  const passed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed');
  return { passed: passed.length, failed: failedTests({ testResults }).length };
}
