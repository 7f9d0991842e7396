import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { sum, totalsOf } from './jest-totals.mjs';

/**
 * Runs the parts of `npm test` up to the first that fails, and closes with the numbers of all tests.
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @param {string} root the checkout
 * @returns {Promise<number>} the exit code
 */
export async function runStages(stages, root) {
  const totals = [];
  let failed;
  for (const stage of stages) {
    console.log(`\n== ${stage.name}`);
    const started = Date.now();
    const passed = await run(stage, root);
    if (stage.report !== undefined) totals.push(await readTotals(stage.report));
    if (!passed) {
      failed = stage.name;
      break;
    }
    console.log(`== ${stage.name}: passed (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
  const total = sum(totals);
  if (failed !== undefined) console.log(`\n== ${failed}: FAILED`);
  // A part without tests of its own, or one that broke before it could count, is a failure all the same.
  const failures = failed !== undefined && total.failed === 0 ? 1 : total.failed;
  console.log(`\n${total.passed} passed, ${failures} failed`);
  return failed === undefined ? 0 : 1;
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
  try {
    return totalsOf(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return { passed: 0, failed: 0 };
  }
}
