import getPort from 'get-port';
import { pino } from 'pino';
import type { Platform, ServiceNameOf } from '../../workers/platform/platform.ts';
import type { ServiceModule } from '../../workers/services/host/service-module.ts';
import { startService } from '../../workers/services/host/start-service.ts';
import { eventually } from '../harness/eventually.ts';
import { type Call, httpClient } from './http-client.ts';

/** A service that runs in the test's process. */
export interface TestService {
  readonly url: string;
  readonly call: Call;
  /** What it logged so far, parsed. */
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** Resolves when /readyz is green. */
  ready(): Promise<void>;
  stop(): Promise<boolean>;
}

/** Starts a service on a free port of the loopback interface. */
export async function runTestService<P extends Platform, Service extends ServiceNameOf<P>>(
  platform: P,
  role: Service,
  module: ServiceModule<P, Service>,
  env: Readonly<Record<string, string>>,
): Promise<TestService> {
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const port = await getPort();
  const service = await startService({
    platform,
    role,
    module,
    log,
    env: { HOST: '127.0.0.1', PORT: String(port), SHUTDOWN_GRACE_MS: '8000', ...env },
  });
  const url = `http://127.0.0.1:${port}`;
  const call = httpClient(url);
  return {
    url,
    call,
    logged,
    ready: async () => {
      await eventually(async () => {
        const { status, text } = await call('GET', '/readyz');
        if (status !== 200) throw new Error(`${role} is not ready: ${text}`);
      });
    },
    stop: () => service.stop(),
  };
}
