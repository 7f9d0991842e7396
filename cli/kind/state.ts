import { cluster, registry } from './names.ts';
import type { KindState } from './plan.ts';
import type { Programs } from './programs.ts';

/** Looks what is there already. */
export async function readState(programs: Programs): Promise<KindState> {
  const ask = (format: string) =>
    programs.ask('docker', ['container', 'inspect', '--format', format, registry.container]);
  const running = await ask('{{.State.Running}}');
  const clusters = await programs.ask('kind', ['get', 'clusters']);
  const network = await ask(`{{json .NetworkSettings.Networks.${registry.network}}}`);
  return {
    registry: running === undefined ? 'absent' : running === 'true' ? 'running' : 'stopped',
    cluster: clusters?.split('\n').includes(cluster.name) ? 'there' : 'absent',
    connected: network !== undefined && network !== 'null',
  };
}
