import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DownloadOptions, downloadImage } from '../../../workers/tasks/food-image/download-image.ts';
import { type PictureServer, startPictureServer } from './picture-server.ts';

let server: PictureServer;
beforeAll(async () => {
  server = await startPictureServer(({ url = '/' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://server');
    const to = searchParams.get('to');
    if (to !== null) response.writeHead(302, { location: to }).end();
    else if (pathname === '/loop') response.writeHead(301, { location: '/loop' }).end();
    else if (pathname.startsWith('/status/')) response.writeHead(Number(pathname.slice(8))).end('no');
    else if (pathname === '/silent') response.flushHeaders();
    else if (pathname === '/endless') endless(response);
    else if (pathname === '/announced') response.writeHead(200, { 'content-length': 1e9 }).write('x');
    else if (pathname === '/packed')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'));
    else response.end('picture');
  });
});
afterAll(() => server.stop());

function endless(response: NodeJS.WritableStream): void {
  const more = () => {
    while (response.writable && response.write(Buffer.alloc(16_384)));
  };
  response.on('drain', more);
  more();
}

const never = new AbortController().signal;
const from = (path: string, options: DownloadOptions = {}) =>
  downloadImage(`http://${server.host}${path}`, { privateHosts: [server.host], ...options }, never);

describe('a download', () => {
  it('takes the bytes of the picture, also where redirects lead to it', async () => {
    expect((await from('/')).toString()).toBe('picture');
    expect((await from('/a?to=/b')).toString()).toBe('picture');
  });

  it('is refused for anything but HTTP, and for a URL with credentials', async () => {
    for (const url of ['ftp://example.com/', 'file:///etc/passwd', 'http://user:pass@example.com/']) {
      await expect(downloadImage(url, {}, never)).rejects.toMatchObject({ code: 'IMAGE_URL_REFUSED' });
    }
  });

  it('never reaches an address that is not public, unless its host is on the list', async () => {
    const before = server.asked.length;
    for (const host of [
      server.host,
      `localhost:${server.port}`,
      `[::1]:${server.port}`,
      `127.1:${server.port}`,
    ]) {
      await expect(downloadImage(`http://${host}/`, {}, never)).rejects.toMatchObject({
        code: 'IMAGE_URL_REFUSED',
      });
    }
    expect(server.asked).toHaveLength(before);
  });

  it('comes from the allowed hosts alone, be it by a redirect, and from those only where they are public', async () => {
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const allowedHosts = ['cdn.example', '*.pictures.example'];
    const before = server.asked.length;
    for (const host of ['example.org', 'pictures.example', 'cdn.example.org', 'cdn.example']) {
      const download = downloadImage(`http://${host}:${server.port}/`, { allowedHosts, resolve }, never);
      await expect(download).rejects.toMatchObject({ code: 'IMAGE_URL_REFUSED' });
    }
    expect(server.asked).toHaveLength(before);
    expect((await from('/', { allowedHosts })).toString()).toBe('picture');
    await expect(from('/?to=http://example.org/', { allowedHosts })).rejects.toThrow(
      'http://example.org/… cannot be fetched: pictures may not come from this host',
    );
  });

  it.each([
    ['an address', () => `http://127.0.0.2:${server.port}/`],
    ['a name', () => `http://localhost:${server.port}/`],
    ["the clouds' credentials", () => 'http://169.254.169.254/latest/meta-data/'],
    ['another scheme', () => 'file:///etc/passwd'],
  ])('does not follow a redirect to %s inside', async (_, target) => {
    await expect(from(`/?to=${encodeURIComponent(target())}`)).rejects.toMatchObject({
      code: 'IMAGE_URL_REFUSED',
    });
  });

  it('connects to the address that was checked, though the name means another one a moment later', async () => {
    let resolved = 0;
    const resolve = async () => {
      resolved += 1;
      // A documented address where nothing answers, then the machine itself.
      return [{ address: resolved === 1 ? '93.184.215.14' : '127.0.0.1', family: 4 }];
    };
    const before = server.asked.length;
    const fetch = () =>
      downloadImage(`http://rebind.example:${server.port}/`, { resolve, timeoutMs: 300 }, never);
    await expect(fetch()).rejects.toMatchObject({ code: 'IMAGE_DOWNLOAD_FAILED' });
    expect(resolved).toBe(1);
    await expect(fetch()).rejects.toMatchObject({ code: 'IMAGE_URL_REFUSED' });
    expect(server.asked).toHaveLength(before);
  });

  it('ends after a few redirects', async () => {
    const before = server.asked.length;
    await expect(from('/loop')).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' });
    expect(server.asked.length - before).toBe(4);
  });

  it('ends once there are too many bytes, whether they were announced or not', async () => {
    for (const path of ['/endless', '/announced']) {
      await expect(from(path, { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    }
  });

  it('ends when its time is over, and may then be tried again', async () => {
    await expect(from('/silent', { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'IMAGE_DOWNLOAD_FAILED',
    });
  });

  it('ends with the reason of the task that is stopped', async () => {
    const stop = new AbortController();
    const download = downloadImage(
      `http://${server.host}/silent`,
      { privateHosts: [server.host] },
      stop.signal,
    );
    stop.abort(new Error('soft time limit'));
    await expect(download).rejects.toThrow('soft time limit');
  });

  it('takes no answer that grows when it is unpacked', async () => {
    await expect(from('/packed')).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' });
  });

  it.each([
    [404, 'IMAGE_UNAVAILABLE'],
    [403, 'IMAGE_UNAVAILABLE'],
    [204, 'IMAGE_UNAVAILABLE'],
    [429, 'IMAGE_DOWNLOAD_FAILED'],
    [503, 'IMAGE_DOWNLOAD_FAILED'],
  ])('that is answered with %s fails as %s', async (status, code) => {
    await expect(from(`/status/${status}`)).rejects.toMatchObject({ code });
  });

  it('from a server that is not there may be tried again', async () => {
    const gone = await startPictureServer(() => undefined);
    await gone.stop();
    await expect(
      downloadImage(`http://${gone.host}/`, { privateHosts: [gone.host] }, never),
    ).rejects.toMatchObject({ code: 'IMAGE_DOWNLOAD_FAILED' });
  });
});
