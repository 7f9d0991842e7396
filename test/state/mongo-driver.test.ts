import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const program = fileURLToPath(new URL('fixtures/open-state.ts', import.meta.url));

/** Opens the state in a process of its own. @returns the folders of the libraries that it loaded */
async function librariesLoaded(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return JSON.parse(stdout) as string[];
}

describe('the driver of MongoDB', () => {
  it('is not loaded by a process whose records are in Redis', async () => {
    const libraries = await librariesLoaded({});
    expect(libraries).toContain('ioredis');
    expect(libraries).not.toContain('mongodb');
  });

  it('is loaded where MONGODB_URI is given', async () => {
    expect(await librariesLoaded({ MONGODB_URI: 'mongodb://127.0.0.1:1/smarteats' })).toContain('mongodb');
  });
});
