import type { Log } from '../../messaging/log.ts';
import { GrowingDelay } from '../../messaging/pause.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { ResultBackend } from '../results/result-backend.ts';
import { type Gate, persist } from './gate.ts';

/**
 * A result backend that waits while its store is away instead of failing, and closes a gate meanwhile, so that no other
 * task begins whose result could not be stored either. Its methods only fail with STATE_UNAVAILABLE once the signal,
 * the end of the worker, is aborted.
 */
export function patientBackend(
  backend: ResultBackend,
  options: { readonly gate: Gate; readonly signal: AbortSignal; readonly log: Log },
): ResultBackend {
  const { gate, signal, log } = options;
  const insist = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    let reopen: (() => void) | undefined;
    const onTrouble = (error: unknown) => {
      if (reopen !== undefined) return;
      if (gate.open) log.warn({ err: error }, 'results cannot be stored; no task begins until they can');
      reopen = gate.close();
    };
    try {
      const delay = new GrowingDelay({ firstMs: 100, longestMs: 2_000 });
      return await persist(action, { isPassing, delay, signal, onTrouble });
    } finally {
      reopen?.();
    }
  };
  return {
    store: (result) => insist(() => backend.store(result)),
    read: (id) => insist(() => backend.read(id)),
    forget: (id) => insist(() => backend.forget(id)),
    saveGroup: (group, members) => insist(() => backend.saveGroup(group, members)),
    restoreGroup: (group) => insist(() => backend.restoreGroup(group)),
    setChordSize: (group, size) => insist(() => backend.setChordSize(group, size)),
    growChord: (group, by) => insist(() => backend.growChord(group, by)),
    addChordPart: (part) => insist(() => backend.addChordPart(part)),
    holdChord: (group, claim) => insist(() => backend.holdChord(group, claim)),
    closeChord: (group, claim) => insist(() => backend.closeChord(group, claim)),
    forgetChord: (group, claim) => insist(() => backend.forgetChord(group, claim)),
  };
}

function isPassing(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'STATE_UNAVAILABLE';
}
