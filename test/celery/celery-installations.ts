import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `npm run celery:integration-suite` installs the newest release of Celery. */
export const newestCeleryDirectory = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'smarteats-newest-celery',
);

/** A Python with its Celery. */
export interface CeleryInstallation {
  readonly python: string;
  readonly version: string;
}

/** The newest release of Celery, where it is installed; undefined elsewhere. */
export function newestCelery(): CeleryInstallation | undefined {
  return installationOf(join(newestCeleryDirectory, 'bin', 'python'));
}

/** Debian's package of Celery, with what it needs to read results in Redis; undefined where it is not installed. */
export function debianCelery(): CeleryInstallation | undefined {
  return installationOf('/usr/bin/python3');
}

function installationOf(python: string): CeleryInstallation | undefined {
  if (!existsSync(python)) return undefined;
  try {
    const script = 'import celery, redis; print(celery.__version__)';
    const version = execFileSync(python, ['-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return { python, version };
  } catch {
    return undefined;
  }
}
