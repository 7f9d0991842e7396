import type { Construct } from 'constructs';
import { variablesOf } from '../workers/platform/environment.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';
import { addSeed } from './seed.ts';
import { SystemChart } from './system-chart.ts';
import { addWorkload, type WorkloadProps } from './workload.ts';

/**
 * The services that stand in for the outside world, one pod each, because each remembers what it was sent; and
 * what fills an empty platform.
 */
export class SandboxChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    for (const [name, service] of servicesOf(platform, profile)) {
      if (service.kind !== 'sandbox') continue;
      const keepsLedger = variablesOf(platform, name).includes('SANDBOX_LEDGER_FILE');
      addWorkload(this, name, service, {
        platform,
        profile,
        component: 'sandbox',
        replicas: 1,
        ...(keepsLedger && { volume: ledger }),
      });
    }
    addSeed(this, platform, profile);
  }
}

/** The ledger outlives its pod: a charge that it forgot would be made twice. */
const ledger: NonNullable<WorkloadProps['volume']> = {
  mountPath: '/var/lib/smarteats',
  storageGiB: 1,
  variables: { SANDBOX_LEDGER_FILE: '/var/lib/smarteats/ledger' },
};
