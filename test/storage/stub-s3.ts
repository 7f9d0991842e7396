import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The part of the S3 API that is used here, in memory. */
export interface StubS3 {
  readonly endpoint: string;
  /** The requests so far: method, path and the access key of the signature. */
  readonly requests: readonly (readonly [method: string, path: string, key: string])[];
  /** Makes every request fail from now on. */
  refuse(): void;
  close(): Promise<void>;
}

export async function startStubS3(): Promise<StubS3> {
  const objects = new Map<string, { readonly content: Buffer; readonly type: string }>();
  const requests: [string, string, string][] = [];
  let refusing = false;
  const server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '', 'http://s3').pathname;
    const key = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    requests.push([request.method ?? '', path, key]);
    const content = await bodyOf(request);
    if (refusing) response.writeHead(403).end(errorBody('AccessDenied'));
    else if (request.method === 'PUT') {
      objects.set(path, { content, type: request.headers['content-type'] ?? '' });
      response.writeHead(200, { etag: '"1"' }).end();
    } else {
      const object = objects.get(path);
      if (object === undefined) response.writeHead(404).end(errorBody('NoSuchKey'));
      else
        response
          .writeHead(200, { 'content-type': object.type, 'content-length': object.content.length })
          .end(object.content);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    refuse: () => {
      refusing = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function errorBody(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} of the stub</Message></Error>`;
}
