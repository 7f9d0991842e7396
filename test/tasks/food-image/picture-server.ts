import { createServer, type RequestListener } from 'node:http';

export interface PictureServer {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  readonly port: number;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Serves what the listener answers, on the loopback interface. */
export async function startPictureServer(listener: RequestListener): Promise<PictureServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return {
    host: `127.0.0.1:${address.port}`,
    port: address.port,
    asked,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
