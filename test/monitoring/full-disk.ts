import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import getPort from 'get-port';
import { installedWatchers } from '../../local/monitoring/programs.ts';
import { eventually } from '../harness/eventually.ts';

/** A node exporter whose disks can be made to look full: filling the machine's own would hurt others. */
export interface NodeWithFullDisk {
  readonly port: number;
  fill(): void;
  stop(): Promise<void>;
}

/** Starts a real node exporter, and a port that passes its page on. */
export async function startNode(): Promise<NodeWithFullDisk> {
  const program = installedWatchers().nodeExporter;
  if (program === undefined) throw new Error('the node exporter is not installed');
  const own = await getPort();
  const types =
    '--collector.filesystem.fs-types-exclude=^(proc|sysfs|tmpfs|devtmpfs|cgroup2?|devpts|mqueue)$';
  const exporter = spawn(program, [`--web.listen-address=127.0.0.1:${own}`, types], { stdio: 'ignore' });
  await eventually(async () => (await fetch(`http://127.0.0.1:${own}/`)).arrayBuffer());
  let full = false;
  const server = createServer(async (_request, response) => {
    const page = await (await fetch(`http://127.0.0.1:${own}/metrics`)).text();
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(full ? page.replaceAll(/^(node_filesystem_avail_bytes\{.*\}) .+$/gm, '$1 1') : page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // It listens on TCP.
    fill: () => {
      full = true;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      exporter.kill();
      await once(exporter, 'exit');
    },
  };
}
