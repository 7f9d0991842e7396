import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `npm run celery:flower` installs Flower, with a Celery of its own. */
export const flowerDirectory = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'smarteats-flower',
);

/** A Python that has Flower. */
export interface FlowerInstallation {
  readonly python: string;
  /** Of Flower and of its Celery. */
  readonly versions: string;
}

/** Undefined where it is not installed. */
export function installedFlower(): FlowerInstallation | undefined {
  const python = join(flowerDirectory, 'bin', 'python');
  if (!existsSync(python)) return undefined;
  try {
    const script =
      'import celery, flower, redis; print(f"{flower.__version__} with Celery {celery.__version__}")';
    const versions = execFileSync(python, ['-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return { python, versions };
  } catch {
    return undefined;
  }
}
