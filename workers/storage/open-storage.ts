import { directoryStorage } from './directory-storage.ts';
import type { ObjectStorage } from './object-storage.ts';
import { type FileShelf, shelfStorage } from './shelf-storage.ts';

/** The variables that say where files are kept. */
export interface StorageSettings {
  readonly REPORTS_DIRECTORY?: string | undefined;
  readonly REPORTS_S3_BUCKET?: string | undefined;
  readonly REPORTS_S3_REGION?: string | undefined;
  readonly REPORTS_S3_ENDPOINT?: string | undefined;
  readonly REPORTS_S3_ACCESS_KEY_ID?: string | undefined;
  readonly REPORTS_S3_SECRET_ACCESS_KEY?: string | undefined;
}

/**
 * The storage of reports: a bucket where one is set, else a directory. The client of buckets is loaded with the first use.
 * @param otherwise keeps them where neither is set
 */
export function openStorage(settings: StorageSettings, otherwise: FileShelf): ObjectStorage {
  const bucket = settings.REPORTS_S3_BUCKET;
  const directory = settings.REPORTS_DIRECTORY;
  if (bucket === undefined && directory !== undefined) return directoryStorage(directory);
  if (bucket === undefined) return shelfStorage(otherwise);
  const accessKeyId = settings.REPORTS_S3_ACCESS_KEY_ID;
  const secretAccessKey = settings.REPORTS_S3_SECRET_ACCESS_KEY;
  let storage: Promise<ObjectStorage> | undefined;
  const opened = () => {
    storage ??= import('./s3-storage.ts').then(({ s3Storage }) =>
      s3Storage({
        bucket,
        ...(settings.REPORTS_S3_REGION && { region: settings.REPORTS_S3_REGION }),
        ...(settings.REPORTS_S3_ENDPOINT && { endpoint: settings.REPORTS_S3_ENDPOINT }),
        ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
      }),
    );
    return storage;
  };
  return {
    put: async (key, content, contentType) => (await opened()).put(key, content, contentType),
    open: async (key) => (await opened()).open(key),
  };
}
