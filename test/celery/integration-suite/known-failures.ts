/** Why tests of Celery's suite cannot pass with any worker outside of its own process, or are not to pass with ours. */
const known: readonly (readonly [reason: string, tests: readonly RegExp[]])[] = [];

/** Why a test is known to fail; undefined where it should pass. */
export function reasonFor(test: string): string | undefined {
  return known.find(([, tests]) => tests.some((each) => each.test(test)))?.[0];
}
