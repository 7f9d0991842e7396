import { describe } from '@jest/globals';
import { type CeleryInstallation, debianCelery, newestCelery } from '../celery-installations.ts';

const installations: readonly (readonly [string, CeleryInstallation | undefined, string])[] = [
  ['Debian', debianCelery(), 'python3-celery or python3-redis is not installed'],
  ['the newest', newestCelery(), 'npm run celery:integration-suite installs it'],
];

/**
 * Describes something with Debian's package of Celery, and with the newest release where it is installed. Where one is
 * not, its tests are skipped, and their title says so.
 */
export function describeEachCelery(about: string, body: (python: string) => void): void {
  for (const [name, installation, reason] of installations) {
    if (installation === undefined) {
      describe.skip(`${about}, Celery of ${name}: ${reason}, so this did not run`, () => body('python3'));
    } else {
      describe(`${about}, Celery of ${name}: ${installation.version}`, () => body(installation.python));
    }
  }
}
