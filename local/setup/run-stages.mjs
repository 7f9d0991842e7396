import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { sum, totalsOf } from './jest-totals.mjs';
import { failedTests, filesToRunAgain, totalsOfBoth } from './second-run.mjs';

/**
 * Runs the parts of `npm test` up to the first that fails, and closes with the numbers of all tests.
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @param {string} root the checkout
 * @returns {Promise<number>} the exit code
 */
export async function runStages(stages, root) {
  const totals = [];
  const unsteady = [];
  let failed;
  for (const stage of stages) {
    console.log(`\n== ${stage.name}`);
    const started = Date.now();
    const first = await run(stage, root);
    const second = first ? undefined : await runAgain(stage, root);
    const passed = first || second?.passed === true;
    if (stage.report !== undefined) totals.push(second?.totals ?? (await readTotals(stage.report)));
    if (second !== undefined) unsteady.push(...second.unsteady);
    if (!passed) {
      failed = stage.name;
      break;
    }
    console.log(`== ${stage.name}: passed (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
  const total = sum(totals);
  if (failed !== undefined) console.log(`\n== ${failed}: FAILED`);
  for (const test of unsteady)
    console.log(`\nfailed at first, passed when its file was run again alone: ${test}`);
  // A part without tests of its own, or one that broke before it could count, is a failure all the same.
  const failures = failed !== undefined && total.failed === 0 ? 1 : total.failed;
  console.log(`\n${total.passed} passed, ${failures} failed`);
  return failed === undefined ? 0 : 1;
}

/**
 * Runs the few files again that failed, one after the other.
 * @param {import('./stages.mjs').Stage} stage one that failed
 * @param {string} root
 * @returns {Promise<{ passed: boolean, totals: import('./jest-totals.mjs').Totals, unsteady: string[] } | undefined>}
 *   undefined when there was nothing to run again, or the second run broke before it could count
 */
async function runAgain({ name, command, report, again }, root) {
  if (report === undefined || again === undefined) return undefined;
  const first = await readReport(report);
  if (first === undefined) return undefined;
  const files = filesToRunAgain(first);
  if (files.length === 0) return undefined;
  console.log(`\n== ${name}: once more, alone: ${files.map((file) => relative(root, file)).join(' ')}`);
  const passed = await run({ name, command, args: [...again.args, ...files] }, root);
  const second = await readReport(again.report);
  if (second === undefined) return undefined;
  const stillFailed = new Set(failedTests(second));
  const unsteady = failedTests(first).filter((test) => !stillFailed.has(test));
  return { passed, totals: totalsOfBoth(first, second), unsteady };
}

/**
 * @param {import('./stages.mjs').Stage} stage
 * @param {string} root
 * @returns {Promise<boolean>} whether it succeeded
 */
function run({ command, args }, root) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.on('SIGTERM', forward).on('SIGINT', forward);
    const end = (/** @type {boolean} */ passed) => {
      process.off('SIGTERM', forward).off('SIGINT', forward);
      resolve(passed);
    };
    child.on('error', (error) => {
      console.error(`${command} cannot be run: ${error.message}`);
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/**
 * @param {string} file
 * @returns {Promise<import('./jest-totals.mjs').Totals>}
 */
async function readTotals(file) {
  const report = await readReport(file);
  return report === undefined ? { passed: 0, failed: 0 } : totalsOf(report);
}

/**
 * @param {string} file
 * @returns {Promise<Parameters<typeof totalsOf>[0] & import('./second-run.mjs').Report | undefined>} undefined when jest
 *   broke before it could write one
 */
async function readReport(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
