import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const text = readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8');
const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(text).packages;

describe('the lock file', () => {
  it('holds every optional package of every system, without which npm ci refuses to install at all', () => {
    const names = new Set(Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, '')));
    const absent = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(absent).toEqual([]);
  });

  it('names no address that packages came from, since every machine has its own registry', () => {
    const resolved = Object.values(packages).filter((entry) => 'resolved' in entry && !('link' in entry));
    expect(resolved).toEqual([]);
  });
});
