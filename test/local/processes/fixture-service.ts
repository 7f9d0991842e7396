import { fileURLToPath } from 'node:url';
import { freePort } from '../../../local/ports.ts';
import { ServiceProcess } from '../../../local/service-process.ts';

/** The script that stands in for services; its argument says how it behaves. */
export const fixtureScript = fileURLToPath(new URL('../fixtures/service.mjs', import.meta.url));

/** A service that behaves in one of the ways the script knows. */
export async function fixtureService(
  behaviour: string,
  directory: string,
  limits: { readonly readyTimeoutMs?: number; readonly graceMs?: number } = {},
): Promise<{ readonly service: ServiceProcess; readonly url: string; readonly port: number }> {
  const port = await freePort();
  const service = new ServiceProcess({
    name: behaviour,
    args: [fixtureScript, behaviour],
    env: { PORT: String(port) },
    port,
    directory,
    logFile: `${directory}/${behaviour}.log`,
    ...limits,
  });
  return { service, url: `http://127.0.0.1:${port}`, port };
}
