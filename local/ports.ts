import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import getPort from 'get-port';

/**
 * Free ports are looked for below the range from which Linux and macOS give ports to outgoing connections.
 * From within it, a client that keeps trying to reach a server that is down could be given the server's own
 * port, and the server could not come back.
 */
const lowest = 20_000;
const highest = 32_767;

/** Where the servers of `npm start` listen, unless something else does: stable addresses are easy to remember. */
export const usualPorts = {
  redis: 4379,
  amqp: 4672,
  management: 4673,
  rabbitmqMetrics: 4692,
  dashboards: 4680,
  prometheus: 4690,
  alertmanager: 4693,
  redisExporter: 4691,
  nodeExporter: 4694,
} as const;

/** Whoever listens here has the usual ports to itself; nobody ever connects. */
const claimPort = 4695;

/**
 * Claims the usual ports for as long as this process lives, or until it is given back. A port that is free now may be
 * meant for a server of another stack that is still starting, and whoever asks there would be answered by that one.
 * @param port where the claim is held
 * @returns how to give the claim back; undefined while another process has it
 */
export function claimUsualPorts(port: number = claimPort): Promise<(() => Promise<void>) | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.unref();
      resolve(() => new Promise<void>((closed) => server.close(() => closed())));
    });
  });
}

/**
 * A port of the loopback interface that is free now, and that no other caller in this process was given lately.
 * @param wanted the port to prefer
 */
export function freePort(wanted?: number): Promise<number> {
  return getPort({ host: '127.0.0.1', port: candidates(wanted) });
}

/** Starting anywhere in the range makes it unlikely that two programs look at the same ports at the same time. */
function* candidates(wanted: number | undefined): Generator<number> {
  if (wanted !== undefined) yield wanted;
  const size = highest - lowest + 1;
  const start = randomInt(size);
  for (let step = 0; step < size; step++) yield lowest + ((start + step) % size);
}
