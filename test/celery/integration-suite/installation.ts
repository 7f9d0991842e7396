import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { newestCelery, newestCeleryDirectory } from '../celery-installations.ts';

/** What the suite imports beside Celery. */
const packages = [
  'celery[redis,pydantic,auth,django,sqlalchemy,pymemcache]',
  'pytest',
  'pytest-celery',
  'pytest-subtests',
  'pytest-timeout',
  'pytest-order',
];

/** A release of Celery with the tests that came with it. */
export interface SuiteInstallation {
  readonly python: string;
  readonly version: string;
  /** The directory that the tests run in. */
  readonly directory: string;
}

/**
 * Installs the newest release of Celery and takes the tests out of its sources, unless both are there.
 * @param options.fresh look for a newer release
 * @throws Error of execa where a step fails
 */
export async function installSuite({ fresh }: { readonly fresh: boolean }): Promise<SuiteInstallation> {
  const root = newestCeleryDirectory;
  const python = join(root, 'bin', 'python');
  if (fresh) await rm(root, { recursive: true, force: true });
  const list = join(root, 'packages.txt');
  const installed = existsSync(list) ? await readFile(list, 'utf8') : undefined;
  if (newestCelery() === undefined || installed !== packages.join('\n')) {
    await execa('python3', ['-m', 'venv', '--clear', root]);
    await execa(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
    await writeFile(list, packages.join('\n'));
  }
  const version = newestCelery()?.version;
  if (version === undefined) throw new Error(`Celery cannot be imported by ${python}`);
  const directory = join(root, `suite-${version}`);
  if (!existsSync(directory)) await unpackTests(python, version, directory);
  return { python, version, directory };
}

/** Only its tests: beside the sources of Celery, these would be imported in place of what is installed. */
async function unpackTests(python: string, version: string, directory: string): Promise<void> {
  const download = `${directory}.download`;
  const options = ['--quiet', '--no-deps', '--no-binary', ':all:', '--dest', download];
  await execa(python, ['-m', 'pip', 'download', ...options, `celery==${version}`]);
  await mkdir(join(download, 'tests'));
  const archive = join(download, `celery-${version}.tar.gz`);
  const parts = ['t', 'pyproject.toml'].map((part) => `celery-${version}/${part}`);
  await execa('tar', ['-xzf', archive, '-C', join(download, 'tests'), '--strip-components=1', ...parts]);
  await rename(join(download, 'tests'), directory);
  await rm(download, { recursive: true });
}
