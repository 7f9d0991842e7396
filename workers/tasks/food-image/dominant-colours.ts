import { type Pixels, sharpOf } from './picture.ts';

export interface DominantColour {
  /** sRGB, e.g. `#c0392b`. */
  readonly hex: string;
  /** The part of the picture that has about this colour, from 0 to 1. */
  readonly share: number;
}

type Colour = readonly [red: number, green: number, blue: number];

interface Cluster {
  readonly colour: Colour;
  readonly pixels: number;
}

const sampleSide = 96;
/** Colours nearer to each other than this count as one; black and white are 441 apart. */
const nearness = 60;

/** The colours that most of a picture has, the most frequent first. @param most how many at most */
export async function dominantColours(pixels: Pixels, most = 5): Promise<readonly DominantColour[]> {
  const sample = await sharpOf(pixels)
    .resize(sampleSide, sampleSide, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer();
  const count = sample.length / 3;
  return merged(clustersOf(sample))
    .sort((a, b) => b.pixels - a.pixels)
    .slice(0, most)
    .map(({ colour, pixels: each }) => ({
      hex: hexOf(colour),
      share: Math.round((each / count) * 1000) / 1000,
    }))
    .filter(({ share }) => share >= 0.01);
}

/** The mean colour of each of the 4096 cells of the colour cube that has pixels. */
function clustersOf(sample: Buffer): readonly Cluster[] {
  const sums = new Map<number, [number, number, number, number]>();
  for (let i = 0; i + 2 < sample.length; i += 3) {
    const [red = 0, green = 0, blue = 0] = sample.subarray(i, i + 3);
    const cell = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
    const sum = sums.get(cell) ?? [0, 0, 0, 0];
    sum[0] += red;
    sum[1] += green;
    sum[2] += blue;
    sum[3] += 1;
    sums.set(cell, sum);
  }
  return [...sums.values()].map(([red, green, blue, n]) => ({
    colour: [red / n, green / n, blue / n],
    pixels: n,
  }));
}

/** Lets each cluster, largest first, join a larger one that is near to it. */
function merged(clusters: readonly Cluster[]): Cluster[] {
  const kept: Cluster[] = [];
  for (const cluster of [...clusters].sort((a, b) => b.pixels - a.pixels)) {
    const index = kept.findIndex(({ colour }) => distance(colour, cluster.colour) < nearness);
    const near = kept[index];
    if (near === undefined) kept.push(cluster);
    else kept[index] = { ...near, pixels: near.pixels + cluster.pixels };
  }
  return kept;
}

function distance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function hexOf(colour: Colour): string {
  return `#${colour.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}
