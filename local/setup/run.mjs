/**
 * `node local/setup/run.mjs <command…>`: makes sure that everything a command of `smarteats` needs is
 * installed, then runs the command in this same process, so that signals reach one process only.
 * Plain JavaScript, because it runs before there are node modules.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './dependencies.mjs';
import { nodeTooOld } from './node-version.mjs';
import { needsServers, wantsWatchers } from './server-plan.mjs';
import { ensureServers, ensureWatchers } from './servers.mjs';
import { SetupError } from './setup-error.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

try {
  const problem = nodeTooOld(process.versions.node);
  if (problem !== undefined) throw new SetupError(problem);
  await ensureDependencies(root);
  const command = process.argv.slice(2);
  if (needsServers(command)) await ensureServers();
  if (wantsWatchers(command)) await ensureWatchers();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exit(1);
}

const { register } = await import('tsx/esm/api');
register({ tsconfig: join(root, 'tsconfig.json') });
// biome-ignore lint/style/noRestrictedImports: this is where the command line is started from, nothing of local is built on it
await import('../../cli/main.ts');
