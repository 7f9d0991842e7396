/**
 * Does work while a claim is renewed again and again, however long the work takes. A renewal that fails is left to the
 * next one: while the store is away nobody else can take the claim, either.
 * @param everyMs a third of the time that the claim holds, so that two renewals may fail
 */
export async function whileRenewed<T>(
  renew: () => Promise<unknown>,
  everyMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const renewal = setInterval(() => void renew().catch(() => undefined), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
  }
}
