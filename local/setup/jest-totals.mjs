/**
 * The numbers of a run of jest that a closing line needs, from what `--json` writes.
 * @typedef {{ passed: number, failed: number }} Totals
 */

/**
 * Counts tests; a test file that cannot even be loaded has no tests to count and so counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number }} report
 * @returns {Totals}
 */
export function totalsOf(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
  };
}

/**
 * @param {readonly Totals[]} all
 * @returns {Totals}
 */
export function sum(all) {
  return {
    passed: all.reduce((total, each) => total + each.passed, 0),
    failed: all.reduce((total, each) => total + each.failed, 0),
  };
}
