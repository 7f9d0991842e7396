import { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { isObjectKey, type ObjectStorage } from './object-storage.ts';
import { storageFailed } from './storage-failure.ts';

export interface S3Options {
  readonly bucket: string;
  /** Of the bucket. @default what the SDK finds, such as AWS_REGION */
  readonly region?: string;
  /** Of a storage other than Amazon's own, such as MinIO; buckets are then part of the path. */
  readonly endpoint?: string;
  /** @default what the SDK finds: variables, a web identity of the pod, the machine's role */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** How long one request may take to connect and to be answered, in milliseconds. */
const patience = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** Files in a bucket of Amazon S3, or of a storage that speaks its API. */
export function s3Storage({ bucket, region, endpoint, credentials }: S3Options): ObjectStorage {
  const client = new S3Client({
    requestHandler: patience,
    // Storages of other makers do not all know the checksums that Amazon's has learned.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });

  return {
    async put(key, content, contentType) {
      if (!isObjectKey(key)) throw storageFailed(`${JSON.stringify(key)} cannot be the name of a file`);
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ContentType: contentType }),
        );
      } catch (cause) {
        throw storageFailed(`${key} cannot be written to the bucket ${bucket}`, cause);
      }
    },

    async open(key) {
      if (!isObjectKey(key)) throw storageFailed(`${JSON.stringify(key)} cannot be the name of a file`);
      try {
        const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        if (!(Body instanceof Readable) || ContentLength === undefined) {
          throw new Error('the answer has no content');
        }
        return { bytes: ContentLength, content: Body };
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw storageFailed(`${key} cannot be read from the bucket ${bucket}`, cause);
      }
    },
  };
}
