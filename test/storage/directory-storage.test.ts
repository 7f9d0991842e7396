import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { directoryStorage } from '../../workers/storage/directory-storage.ts';
import { openStorage } from '../../workers/storage/open-storage.ts';
import { platformError } from '../state/error-code.ts';
import { describeStorage } from './describe-storage.ts';

/** Nothing is to be put there. */
const noShelf = {
  keep: () => Promise.reject(new Error('there is no shelf')),
  find: () => Promise.reject(new Error('there is no shelf')),
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-storage-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describeStorage('a storage in a directory', () => openStorage({ REPORTS_DIRECTORY: directory }, noShelf));

describe('a storage in a directory', () => {
  it('leaves nothing half written beside its files', async () => {
    const storage = directoryStorage(join(directory, 'tidy'));
    const puts = Array.from({ length: 20 }, (_, i) =>
      storage.put('a.pdf', Buffer.alloc(50_000, i), 'application/pdf'),
    );
    await Promise.all(puts);
    expect(readdirSync(join(directory, 'tidy'))).toEqual(['a.pdf']);
  });

  it('says what it could not write, and why', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const error = await platformError(
      directoryStorage(file).put('a.pdf', Buffer.from('x'), 'application/pdf'),
    );
    expect(error.code).toBe('REPORT_STORAGE_FAILED');
    expect(error.message).toContain(`a.pdf cannot be written to ${file}: `);
  });
});
