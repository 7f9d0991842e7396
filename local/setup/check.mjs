/**
 * `npm test`: makes sure that everything is installed, then checks types, style, unused code and behaviour,
 * in this order, up to the first part that fails. The last line says how many tests passed and failed.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './dependencies.mjs';
import { sum, totalsOf } from './jest-totals.mjs';
import { nodeTooOld } from './node-version.mjs';
import { ensureServers } from './servers.mjs';
import { SetupError } from './setup-error.mjs';
import { stagesOf, usage } from './stages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function main(args) {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage('npm test'));
    return 0;
  }
  try {
    const problem = nodeTooOld(process.versions.node);
    if (problem !== undefined) throw new SetupError(problem);
    await ensureDependencies(root);
    await ensureServers();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  const directory = await mkdtemp(join(tmpdir(), 'smarteats-check-'));
  try {
    return await runStages(stagesOf(args, directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {readonly import('./stages.mjs').Stage[]} stages
 * @returns {Promise<number>} the exit code
 */
async function runStages(stages) {
  const totals = [];
  let failed;
  for (const stage of stages) {
    console.log(`\n== ${stage.name}`);
    const started = Date.now();
    const passed = await run(stage);
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
 * @returns {Promise<boolean>} whether it succeeded
 */
function run({ command, args }) {
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
