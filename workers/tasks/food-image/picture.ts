import sharp, { type Sharp } from 'sharp';
import { PlatformError } from '../../platform/errors.ts';

/** Pixels of red, green and blue, 8 bits each, row by row. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** A picture that was decoded. */
export interface Picture {
  /** What its content is, whatever its server or its name says. */
  readonly format: string;
  /** Size of the original in pixels, the right way up. */
  readonly width: number;
  readonly height: number;
  /** The picture, scaled down to `workingSide` where it is larger. */
  readonly pixels: Pixels;
}

/** Longest side that pictures are looked at with, in pixels. */
const workingSide = 1_024;
/** Pixels of the largest picture that is decoded; a format that needs all of them at once takes 120 MB for it. */
const maxPixels = 40_000_000;
const decodeSeconds = 30;

// Only formats of photographs: whatever else the library reads (SVG, PDF, scripts of ImageMagick) stays shut.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadHeif',
    'VipsForeignLoadNsgif',
  ],
});
// Nobody looks at the same picture twice.
sharp.cache(false);

/**
 * Decodes a JPEG, PNG, WebP, AVIF or GIF (its first frame), told by its content.
 * @throws PlatformError IMAGE_UNREADABLE, or IMAGE_TOO_LARGE for one with too many pixels
 */
export async function decodePicture(bytes: Buffer): Promise<Picture> {
  const options = { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true, pages: 1 } as const;
  const { format, width, height } = await readable(() =>
    sharp(bytes, { ...options, limitInputPixels: false }).metadata(),
  );
  // Read from the header, before anything is decoded.
  if (width * height > maxPixels) {
    throw new PlatformError(
      'IMAGE_TOO_LARGE',
      `The picture has ${width} × ${height} pixels; at most ${maxPixels} are decoded`,
      {
        details: { width, height, maxPixels },
      },
    );
  }
  const { data, info } = await readable(() =>
    sharp(bytes, options)
      .autoOrient()
      .resize(workingSide, workingSide, { fit: 'inside', withoutEnlargement: true })
      // What is transparent is shown on white.
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .timeout({ seconds: decodeSeconds })
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  const isTurned = info.width > info.height !== width > height;
  return {
    format: format ?? 'unknown',
    ...(isTurned ? { width: height, height: width } : { width, height }),
    pixels: { data, width: info.width, height: info.height },
  };
}

/** The library with the pixels of a picture as its input. */
export function sharpOf({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError(
      'IMAGE_UNREADABLE',
      `What is at this address is no picture that can be read: ${reason}`,
      { cause },
    );
  }
}
