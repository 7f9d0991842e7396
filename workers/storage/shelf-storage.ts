import { Readable } from 'node:stream';
import { isObjectKey, type ObjectStorage } from './object-storage.ts';
import { storageFailed } from './storage-failure.ts';

/** A place that keeps whole files for some days, as the state does. */
export interface FileShelf {
  keep(name: string, content: Buffer): Promise<void>;
  /** Undefined where nothing is kept, or not any more. */
  find(name: string): Promise<Buffer | undefined>;
}

/** Files on a shelf that all processes share without a volume; each is read as a whole. */
export function shelfStorage(shelf: FileShelf): ObjectStorage {
  const nameOf = (key: string) => {
    if (!isObjectKey(key)) throw storageFailed(`${JSON.stringify(key)} cannot be the name of a file`);
    return key;
  };
  const failing = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (cause) {
      throw storageFailed('the shelf of files cannot be used', cause);
    }
  };

  return {
    put: async (key, content) => failing(shelf.keep(nameOf(key), content)),

    async open(key) {
      const content = await failing(shelf.find(nameOf(key)));
      return content && { bytes: content.length, content: Readable.from([content]) };
    },
  };
}
