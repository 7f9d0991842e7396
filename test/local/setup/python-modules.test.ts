import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { missingPythonModules } from '../../../local/setup/python-modules.mjs';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-python-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A Python that writes these names as those of the modules that it lacks. */
function pythonWithout(names: string, code = 0): string {
  const file = join(directory, 'python3');
  writeFileSync(file, `#!/bin/sh\necho "${names}"\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the packages of Python that tests need', () => {
  it('are all missing where there is no Python, or a broken one', () => {
    expect(missingPythonModules(join(directory, 'none'))).toEqual(['celery', 'redis']);
    expect(missingPythonModules(pythonWithout('', 1))).toEqual(['celery', 'redis']);
  });

  it('are those whose modules it lacks', () => {
    expect(missingPythonModules(pythonWithout('redis'))).toEqual(['redis']);
    expect(missingPythonModules(pythonWithout(''))).toEqual([]);
  });

  it('are looked for where Debian has them', () => {
    const packages = missingPythonModules();
    expect(['celery', 'redis']).toEqual(expect.arrayContaining([...packages]));
  });
});
