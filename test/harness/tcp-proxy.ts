import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on the loopback interface that can turn into a black hole or cut its connections. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that came in so far. */
  readonly accepted: number;
  /** From now on no byte passes in either direction, and nothing is closed: the connections are half open. */
  swallow(): void;
  /** Lets bytes pass again on new connections; those that were half open stay so. */
  restore(): void;
  /** Resets every connection. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a proxy to a port of this machine. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let swallowing = false;
  let accepted = 0;
  const follow = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    accepted += 1;
    follow(client);
    if (swallowing) {
      client.resume();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    follow(target);
    client.pipe(target);
    target.pipe(client);
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server),
    get accepted() {
      return accepted;
    },
    swallow: () => {
      swallowing = true;
      for (const socket of sockets) socket.unpipe().pause().removeAllListeners('data');
    },
    restore: () => {
      swallowing = false;
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen');
  return address.port;
}
