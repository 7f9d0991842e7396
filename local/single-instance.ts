import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { PlatformError } from '../workers/platform/errors.ts';
import { reaper } from './processes/reaper.ts';

/** In bytes; longer paths of sockets are cut off without a word on some systems (unix(7) and macOS's sun_path). */
const longestSocketPath = 103;

/** Held while this process is the only one that uses a directory. */
export interface Claim {
  /** What another process that wants the directory is told about this one. */
  describe(summary: string): void;
  release(): Promise<void>;
}

/**
 * Claims a directory by listening on a socket in it: unlike a file with a process id, a socket answers only as long
 * as its process lives.
 * @throws PlatformError LOCAL_STACK_FAILED when another process has claimed it
 */
export async function claim(socketFile: string): Promise<Claim> {
  const path = shortest(socketFile, relative(process.cwd(), socketFile));
  if (Buffer.byteLength(path) > longestSocketPath) {
    throw new PlatformError('LOCAL_STACK_FAILED', `${socketFile} is too long for the path of a socket`);
  }
  let summary = `process ${process.pid}, which is starting`;
  const server = createServer((socket) => socket.on('error', () => undefined).end(summary));
  if (!(await listens(server, path))) {
    const other = await ask(path);
    if (other !== undefined) {
      throw new PlatformError(
        'LOCAL_STACK_FAILED',
        `SmartEats is running here already: ${other}. Stop it with Ctrl-C where it was started.`,
      );
    }
    // Left behind by a process that was killed.
    rmSync(path, { force: true });
    if (!(await listens(server, path))) {
      throw new PlatformError(
        'LOCAL_STACK_FAILED',
        `${socketFile} cannot be used: another start was quicker.`,
      );
    }
  }
  chmodSync(path, 0o600);
  server.unref();
  reaper.holdPath(socketFile);
  return {
    describe: (text) => {
      summary = text;
    },
    release: async () => {
      await new Promise((resolve) => server.close(resolve));
      reaper.releasePath(socketFile);
    },
  };
}

function shortest(one: string, other: string): string {
  return other.length < one.length ? other : one;
}

/** @returns false when the socket file exists */
function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new PlatformError('LOCAL_STACK_FAILED', `${path} cannot be used`, { cause: error }));
    };
    server.once('error', refused).listen(path, () => {
      server.off('error', refused);
      resolve(true);
    });
  });
}

/** @returns what the process behind the socket says about itself; nothing, when there is none */
async function ask(path: string): Promise<string | undefined> {
  try {
    return await text(createConnection(path));
  } catch {
    return undefined;
  }
}
