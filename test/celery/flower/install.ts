import { join } from 'node:path';
import { execa } from 'execa';
import { flowerDirectory, installedFlower } from './flower-installation.ts';

// Run by `npm run celery:flower`. The suite beside this file needs it, and is skipped without it.
if (installedFlower() === undefined) {
  await execa('python3', ['-m', 'venv', '--clear', flowerDirectory], { stdio: 'inherit' });
  const pip = ['-m', 'pip', 'install', '--quiet', 'flower', 'celery[redis]'];
  await execa(join(flowerDirectory, 'bin', 'python'), pip, { stdio: 'inherit' });
}
const installed = installedFlower();
if (installed === undefined) throw new Error(`Flower cannot be imported from ${flowerDirectory}`);
process.stdout.write(`Flower ${installed.versions} is in ${flowerDirectory}\n`);
