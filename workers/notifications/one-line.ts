const longestName = 80;

/**
 * Makes text safe for a header and for one line: control characters (line breaks among them) and runs of white
 * space become one space, and what is too long is cut.
 */
export function oneLine(text: string, maxLength = longestName): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).trimEnd()}…`;
}
