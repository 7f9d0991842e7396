import { z } from 'zod';
import type { Pixels } from './picture.ts';

/** What a model makes of a picture. What it does not say stays away; nothing is made up for it. */
export const Recognition = z.object({
  /** What the dish may be, likeliest first; empty where the model sees no food. */
  dishes: z
    .array(z.object({ name: z.string().min(1).max(200), confidence: z.number().min(0).max(1) }))
    .max(20),
  ingredients: z.array(z.string().min(1).max(200)).max(100).optional(),
  /** An estimate for the whole portion. */
  nutrition: z
    .object({
      energyKcal: z.number().min(0).max(20_000),
      proteinGrams: z.number().min(0).max(2_000).optional(),
      carbohydrateGrams: z.number().min(0).max(2_000).optional(),
      fatGrams: z.number().min(0).max(2_000).optional(),
    })
    .optional(),
});
export type Recognition = z.infer<typeof Recognition>;

/** A model that recognises dishes. */
export interface DishRecogniser {
  /** Names the model in results. */
  readonly model: string;
  /** @throws PlatformError IMAGE_MODEL_FAILED when it is worth another attempt, IMAGE_MODEL_INVALID when it is not */
  recognise(pixels: Pixels, signal: AbortSignal): Promise<Recognition>;
}
