import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ObjectStorage } from '../../workers/storage/object-storage.ts';
import { openStorage } from '../../workers/storage/open-storage.ts';
import { platformError } from '../state/error-code.ts';
import { describeStorage } from './describe-storage.ts';
import { type StubS3, startStubS3 } from './stub-s3.ts';

let s3: StubS3;
let storage: ObjectStorage;
beforeAll(async () => {
  s3 = await startStubS3();
  const nowhere = () => Promise.reject(new Error('there is no shelf'));
  storage = openStorage(
    {
      REPORTS_DIRECTORY: '/nowhere',
      REPORTS_S3_BUCKET: 'smarteats-reports',
      REPORTS_S3_REGION: 'eu-central-1',
      REPORTS_S3_ENDPOINT: s3.endpoint,
      REPORTS_S3_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      REPORTS_S3_SECRET_ACCESS_KEY: 'not a secret',
    },
    { keep: nowhere, find: nowhere },
  );
});
afterAll(() => s3.close());

describeStorage('a storage in a bucket', () => storage);

describe('a storage in a bucket', () => {
  it('signs its requests, and names the bucket in the path of an endpoint of its own', async () => {
    await storage.put('reports/roma/c.pdf', Buffer.from('x'), 'application/pdf');
    expect(s3.requests.at(-1)).toEqual(['PUT', '/smarteats-reports/reports/roma/c.pdf', 'AKIDEXAMPLE']);
  });

  it('says what was refused, and why', async () => {
    s3.refuse();
    const error = await platformError(storage.put('a.pdf', Buffer.from('x'), 'application/pdf'));
    expect(error.code).toBe('REPORT_STORAGE_FAILED');
    expect(error.message).toMatch(/a\.pdf cannot be written to the bucket smarteats-reports: .*AccessDenied/);
  });
});
