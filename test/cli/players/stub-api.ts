import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the stub saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A stand-in for the API, so that a test decides what the players see and when. */
export interface StubApi {
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly seen: readonly Seen[];
  close(): void;
}

/** Starts a server that lets `answer` answer every request. */
export async function startStubApi(
  answer: (request: Seen, response: ServerResponse) => void,
): Promise<StubApi> {
  const seen: Seen[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url: path = '', headers } = request;
      const entry = { method, path, headers, body: text === '' ? undefined : JSON.parse(text) };
      seen.push(entry);
      answer(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Begins an event stream with these events. */
export function events(
  response: ServerResponse,
  sent: readonly { readonly id?: string; readonly data: string }[],
): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': welcome\n\n');
  for (const { id, data } of sent)
    response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`);
  return response;
}
