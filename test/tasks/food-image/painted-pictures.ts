import sharp, { type Sharp } from 'sharp';

/** A picture of one colour. */
export function plain(background: string, width = 800, height = 600): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

/** A picture full of detail: random greys in squares of a few pixels, which a camera in focus would resolve. */
export function detailed(width = 800, height = 600): Sharp {
  let seed = 7;
  const squares = Buffer.from(
    Array.from({ length: Math.ceil(width / 8) * Math.ceil(height / 8) }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed >> 23;
    }),
  );
  const raw = { width: Math.ceil(width / 8), height: Math.ceil(height / 8), channels: 1 as const };
  return sharp(squares, { raw })
    .resize(width, height, { kernel: 'nearest', fit: 'fill' })
    .toColourspace('srgb');
}
