/**
 * The value below which a share of the values lies, between two of them where the share falls between two, as
 * spreadsheets and NumPy calculate it; null where there are none.
 *
 * @param ascending the values, smallest first
 * @param share 0 to 1
 */
export function quantile(ascending: readonly number[], share: number): number | null {
  const position = (ascending.length - 1) * share;
  const below = ascending[Math.floor(position)];
  const above = ascending[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (position - Math.floor(position));
}
