import type { Charge } from '../../../workers/services/payment-sandbox/charge.ts';
import type { Fault } from '../../../workers/services/payment-sandbox/faults.ts';

/** What the sandbox answers at /ledger. */
export interface Ledger {
  readonly charges: readonly Omit<Charge, 'fingerprint'>[];
  readonly totals: {
    readonly succeeded: number;
    readonly declined: number;
    readonly replayed: number;
    readonly doubleCharged: number;
  };
}

export async function readLedger(url: string, path = '/ledger'): Promise<Ledger> {
  // The sandbox's own answer; its tests check the shape.
  return (await fetch(`${url}${path}`)).json() as Promise<Ledger>;
}

/** Plans a fault; an invalid one gives the answer that refuses it. */
export function injectFault(url: string, fault: Fault | { readonly kind: string }): Promise<Response> {
  return fetch(`${url}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
}

export async function clearFaults(url: string): Promise<void> {
  await fetch(`${url}/faults`, { method: 'DELETE' });
}
