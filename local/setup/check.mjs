/**
 * `npm test`: makes sure that everything is installed, then checks types, style, unused code and behaviour,
 * in this order, up to the first part that fails. The last line says how many tests passed and failed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './dependencies.mjs';
import { nodeTooOld } from './node-version.mjs';
import { runStages } from './run-stages.mjs';
import { ensurePython, ensureServers, ensureWatchers } from './servers.mjs';
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
    await ensureWatchers();
    await ensurePython();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
  const directory = await mkdtemp(join(tmpdir(), 'smarteats-check-'));
  try {
    return await runStages(stagesOf(args, directory), root);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
