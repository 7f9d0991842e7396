import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/ports.ts';

/** A picture on this machine that a platform here may fetch. */
export interface ServedPicture {
  readonly url: string;
  /** What lets the platform fetch it, since it is on no public address. */
  readonly environment: { readonly FOOD_IMAGE_PRIVATE_HOSTS: string };
  close(): Promise<void>;
}

const file = fileURLToPath(new URL('tomato-soup.jpg', import.meta.url));

/** Serves a picture of a dish, as a restaurant's own site would. */
export async function servePicture(): Promise<ServedPicture> {
  const picture = await readFile(file);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.length }).end(picture);
  });
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}/tomato-soup.jpg`,
    environment: { FOOD_IMAGE_PRIVATE_HOSTS: host },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
