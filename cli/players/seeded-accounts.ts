import { z } from 'zod';

const Seeded = z.object({
  accounts: z.array(
    z.object({
      role: z.enum(['customer', 'restaurant', 'driver']),
      email: z.string(),
      userId: z.string(),
      restaurantId: z.string().optional(),
    }),
  ),
});

/** Somebody who can log in after seeding. */
export type SeededAccount = z.output<typeof Seeded>['accounts'][number];

/** Reads what the seed command wrote: its log comes first, its result last. */
export function accountsOf(output: string): readonly SeededAccount[] {
  const [result = ''] = output.trimEnd().split('\n').slice(-1);
  return Seeded.parse(JSON.parse(result)).accounts;
}
