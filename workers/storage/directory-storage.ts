import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isObjectKey, type ObjectStorage, type StoredObject } from './object-storage.ts';
import { storageFailed } from './storage-failure.ts';

/** Files in a directory, which may be a volume that several processes share. It is made when it is first needed. */
export function directoryStorage(directory: string): ObjectStorage {
  const fileOf = (key: string) => {
    if (!isObjectKey(key)) throw storageFailed(`${JSON.stringify(key)} cannot be the name of a file`);
    return join(directory, key);
  };

  return {
    async put(key, content) {
      const file = fileOf(key);
      const unfinished = `${file}.${randomUUID()}.part`;
      try {
        await mkdir(dirname(file), { recursive: true });
        await writeDurably(unfinished, content);
        await rename(unfinished, file);
      } catch (cause) {
        await rm(unfinished, { force: true }).catch(() => {});
        throw storageFailed(`${key} cannot be written to ${directory}`, cause);
      }
    },

    async open(key): Promise<StoredObject | undefined> {
      const file = fileOf(key);
      try {
        const handle = await open(file);
        const { size } = await handle.stat();
        return { bytes: size, content: handle.createReadStream() };
      } catch (cause) {
        if (isMissing(cause)) return undefined;
        throw storageFailed(`${key} cannot be read from ${directory}`, cause);
      }
    },
  };
}

/** On disk before it gets its name: a link is only given out for what is there after a power cut too. */
async function writeDurably(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
