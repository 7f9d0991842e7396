import { createServer, type Server, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PortForward } from '@kubernetes/client-node';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Cluster } from './connection.ts';
import { findReadyPod, type PodPort, type ServicePort } from './service-pods.ts';

/** A port of this machine that leads to a Service of the cluster. */
export interface Forward {
  readonly port: number;
  readonly url: string;
  /** Closes the port and every connection that came through it. */
  close(): Promise<void>;
}

/** How long a new connection waits for a pod that is being replaced, in milliseconds. */
const patienceMs = 20_000;

/** How long a pod is taken for the right one without asking again, in milliseconds. */
const rememberMs = 2_000;

/**
 * Leads a port of the loopback interface to a Service. Every connection goes to a pod that is ready when it is
 * opened, so a pod that is replaced ends its own connections and nothing else.
 * @param localPort must be free
 */
export async function openForward(
  cluster: Cluster,
  target: ServicePort,
  localPort: number,
): Promise<Forward> {
  const connections = new Set<Socket>();
  const findPod = remember(() => findReadyPod(cluster, target));
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    // Its end is all that matters; `close` follows.
    socket.on('error', () => undefined);
    lead(socket, cluster, target.namespace, findPod).catch(() => socket.destroy());
  });
  const port = await listen(server, localPort);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

/**
 * Opens a way to a Service for as long as `use` takes, on any free port.
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if none of its pods is ready now
 */
export async function withForward<T>(
  cluster: Cluster,
  target: ServicePort,
  use: (forward: Forward) => Promise<T>,
): Promise<T> {
  await findReadyPod(cluster, target);
  const forward = await openForward(cluster, target, 0);
  try {
    return await use(forward);
  } finally {
    await forward.close();
  }
}

/** Connects a socket to a pod, as soon as one is ready. */
async function lead(socket: Socket, cluster: Cluster, namespace: string, findPod: Finder): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      const { pod, port } = await findPod.get();
      const errors = new Writable({
        write: (message: Buffer, _encoding, done) => {
          // The stream begins with the port's number, of which an empty message is left.
          if (message.length > 0) socket.destroy();
          done();
        },
      });
      const tunnel = await new PortForward(cluster.config).portForward(
        namespace,
        pod,
        [port],
        socket,
        errors,
        socket,
      );
      // A function is what it returns when it is asked to connect again by itself, which we do not ask for.
      if (typeof tunnel === 'function') throw new TypeError('the tunnel is not a WebSocket');
      if (socket.destroyed) tunnel.terminate();
      tunnel.on('close', () => socket.end());
      socket.on('close', () => tunnel.terminate());
      return;
    } catch (error) {
      findPod.forget();
      if (socket.destroyed || performance.now() > giveUpAt) throw error;
      await delay(250);
    }
  }
}

interface Finder {
  get(): Promise<PodPort>;
  forget(): void;
}

function remember(find: () => Promise<PodPort>): Finder {
  let known: { readonly pod: Promise<PodPort>; readonly until: number } | undefined;
  return {
    get: () => {
      if (known === undefined || performance.now() > known.until) {
        known = { pod: find(), until: performance.now() + rememberMs };
      }
      return known.pod;
    },
    forget: () => {
      known = undefined;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new PlatformError('INTERNAL_ERROR', 'the server has no port'));
      } else resolve(address.port);
    });
  });
}
