import type { DishRecogniser, Recognition } from './dish-recogniser.ts';
import { type DominantColour, dominantColours } from './dominant-colours.ts';
import { type DownloadOptions, downloadImage } from './download-image.ts';
import { decodePicture } from './picture.ts';
import { type PictureQuality, pictureQuality } from './picture-quality.ts';

/** What is known of a picture of food. */
export interface FoodImageAnalysis extends Recognition {
  readonly image: {
    readonly format: string;
    /** In pixels, the right way up. */
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
  };
  readonly colours: readonly DominantColour[];
  readonly quality: PictureQuality;
  /** Whether every check of the quality is passed. */
  readonly acceptable: boolean;
  /** The model that named the dishes; `none` where none is configured, and then there are none. */
  readonly model: string;
}

export interface FoodImageDeps {
  readonly download: DownloadOptions;
  /** @default none: the result holds what can be measured, and no dish */
  readonly recogniser?: DishRecogniser | undefined;
}

/**
 * Looks at a picture of food.
 * @throws PlatformError as `downloadImage`, `decodePicture` and the recogniser do
 */
export async function analyzeFoodImage(
  deps: FoodImageDeps,
  imageUrl: string,
  signal: AbortSignal,
): Promise<FoodImageAnalysis> {
  const bytes = await downloadImage(imageUrl, deps.download, signal);
  const picture = await decodePicture(bytes);
  signal.throwIfAborted();
  const [colours, quality, recognition] = await Promise.all([
    dominantColours(picture.pixels),
    pictureQuality(picture),
    deps.recogniser?.recognise(picture.pixels, signal) ?? { dishes: [] },
  ]);
  const { format, width, height } = picture;
  return {
    ...recognition,
    image: { format, width, height, bytes: bytes.length },
    colours,
    quality,
    acceptable: Object.values(quality).every(({ passed }) => passed),
    model: deps.recogniser?.model ?? 'none',
  };
}
