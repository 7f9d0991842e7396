import type { z } from 'zod';

/** What does not fit a schema, one text for each of the first places, such as `amount.currency: Invalid string`. */
export function schemaProblems(error: z.ZodError): readonly string[] {
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const shown = problems.slice(0, 10);
  return problems.length > shown.length ? [...shown, `and ${problems.length - shown.length} more`] : shown;
}
