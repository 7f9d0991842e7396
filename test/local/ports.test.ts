import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { claimUsualPorts, freePort } from '../../local/ports.ts';

describe('a free port', () => {
  it('lies outside the range that outgoing connections are given ports from', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
    expect(new Set(ports).size).toBe(20);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(20_000);
      expect(port).toBeLessThan(32_768);
    }
  });

  it('is the wanted one unless somebody else has it', async () => {
    const [taken, wanted] = [await unusedPort(), await unusedPort()];
    const server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    expect(await freePort(taken)).not.toBe(taken);
    expect(await freePort(wanted)).toBe(wanted);
    server.close();
  });
});

describe('the usual ports', () => {
  it('are for one stack of a machine, until it gives them back', async () => {
    const port = await unusedPort();
    const giveBack = await claimUsualPorts(port);
    expect(giveBack).toBeDefined();
    expect(await claimUsualPorts(port)).toBeUndefined();
    await giveBack?.();
    const next = await claimUsualPorts(port);
    expect(next).toBeDefined();
    await next?.();
  });
});

/** A port that the system gave and took back: unlike one that `freePort` gave, it is not reserved for anybody. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
