import sharp from 'sharp';
import { type Picture, sharpOf } from './picture.ts';

/** One thing that was measured, and whether it is good enough for a menu. */
export interface QualityCheck {
  readonly value: number;
  readonly passed: boolean;
}

export interface PictureQuality {
  /** The shorter side, in pixels. */
  readonly resolution: QualityCheck;
  /** Standard deviation of the Laplacian of the greys (0 to 255), at a fixed size: small where the picture is blurred. */
  readonly sharpness: QualityCheck;
  /** Mean grey, from 0 (black) to 1 (white). */
  readonly brightness: QualityCheck;
  /** Standard deviation of the greys as a part of the largest one possible. */
  readonly contrast: QualityCheck;
}

/** The size at which sharpness is measured, so that it does not depend on the size of the original. */
const measuredSide = 512;

const shortestSide = 480;
const leastSharpness = 2;
const brightnessRange = { least: 0.18, greatest: 0.9 };
const leastContrast = 0.15;

/** Measures whether a picture is fit to be shown on a menu. */
export async function pictureQuality({ width, height, pixels }: Picture): Promise<PictureQuality> {
  const { data, info } = await sharpOf(pixels)
    .resize(measuredSide, measuredSide, { fit: 'inside', withoutEnlargement: true })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { channels, sharpness } = await sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  }).stats();
  const { mean = 0, stdev = 0 } = channels[0] ?? {};
  const [side, brightness, contrast] = [Math.min(width, height), mean / 255, stdev / 127.5];
  return {
    resolution: { value: side, passed: side >= shortestSide },
    sharpness: { value: rounded(sharpness), passed: sharpness >= leastSharpness },
    brightness: {
      value: rounded(brightness),
      passed: brightness >= brightnessRange.least && brightness <= brightnessRange.greatest,
    },
    contrast: { value: rounded(contrast), passed: contrast >= leastContrast },
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
