import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { locateProgram } from '../../../local/setup/programs.mjs';

const openssl = locateProgram('openssl');
const program = fileURLToPath(new URL('fixtures/download-image.ts', import.meta.url));

let directory: string;
let authority: string;
let server: Server;
let port: number;

/** Starts a server whose certificate is of its own authority, and for 127.0.0.1 alone. */
const makeServer = async () => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-https-'));
  authority = join(directory, 'certificate.pem');
  const key = join(directory, 'key.pem');
  const names = ['-subj', '/CN=pictures', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', authority];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync(openssl ?? '', [...request, '-days', '2', ...names, ...files], { stdio: 'pipe' });
  server = createServer({ key: readFileSync(key), cert: readFileSync(authority) }, (_, response) => {
    response.end('picture');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  port = address !== null && typeof address === 'object' ? address.port : 0;
};

/** Downloads in a process of its own, since Node reads the authorities that it trusts once. */
async function download(host: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const address = `${host}:${port}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', program, `https://${address}/dish.jpg`, address],
    { env: { PATH: process.env['PATH'], ...env } },
  );
  return JSON.parse(stdout);
}

const title = `a download by https${openssl === undefined ? ' (no openssl here, so this did not run)' : ''}`;

(openssl === undefined ? describe.skip : describe)(title, () => {
  beforeAll(makeServer);
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    rmSync(directory, { recursive: true, force: true });
  });

  it('takes the picture of a server whose authority is trusted', async () => {
    expect(await download('127.0.0.1', { NODE_EXTRA_CA_CERTS: authority })).toEqual({ bytes: 'picture' });
  });

  it('takes nothing from a server whose authority is unknown', async () => {
    expect(await download('127.0.0.1')).toMatchObject({
      code: 'IMAGE_DOWNLOAD_FAILED',
      message: expect.stringContaining('self-signed certificate'),
    });
  });

  it('takes nothing from a server whose certificate is for another name', async () => {
    expect(await download('localhost', { NODE_EXTRA_CA_CERTS: authority })).toMatchObject({
      code: 'IMAGE_DOWNLOAD_FAILED',
      message: expect.stringContaining('localhost'),
    });
  });
});
