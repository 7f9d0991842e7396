import type { Readable } from 'node:stream';

/** Where files are kept that people fetch later, such as reports. */
export interface ObjectStorage {
  /**
   * Keeps a file under a key, in place of an earlier one. It is there as a whole or not at all.
   * @param key names of letters, digits, `-`, `_` and `.`, separated by `/`
   * @throws PlatformError REPORT_STORAGE_FAILED
   */
  put(key: string, content: Buffer, contentType: string): Promise<void>;
  /**
   * Opens a file for reading; undefined where there is none.
   * @throws PlatformError REPORT_STORAGE_FAILED
   */
  open(key: string): Promise<StoredObject | undefined>;
}

export interface StoredObject {
  readonly bytes: number;
  readonly content: Readable;
}

/** Whether a key can be used in every storage: no part of it leads out of where the files are. */
export function isObjectKey(key: string): boolean {
  return /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(key);
}
