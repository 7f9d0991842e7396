import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { decodePicture } from '../../../workers/tasks/food-image/picture.ts';
import { pictureQuality } from '../../../workers/tasks/food-image/picture-quality.ts';
import { detailed, plain } from './painted-pictures.ts';

async function failedChecks(painted: Sharp): Promise<readonly string[]> {
  const quality = await pictureQuality(await decodePicture(await painted.jpeg({ quality: 90 }).toBuffer()));
  return Object.entries(quality).flatMap(([check, { passed }]) => (passed ? [] : [check]));
}

describe('the quality of a picture', () => {
  it('is good where it is large, in focus, neither dark nor bright, and has contrast', async () => {
    expect(await failedChecks(detailed())).toEqual([]);
  });

  it('is not good enough for a menu where the picture is small', async () => {
    expect(await failedChecks(detailed(800, 300))).toEqual(['resolution']);
  });

  it('is not good enough where the picture is out of focus', async () => {
    expect(await failedChecks(detailed().blur(12).linear(4, -380))).toEqual(['sharpness']);
  });

  it('is not good enough where the picture is dark', async () => {
    expect(await failedChecks(detailed().linear(0.2, 0))).toContain('brightness');
  });

  it('is not good enough where the picture is overexposed', async () => {
    expect(await failedChecks(detailed().linear(1, 200))).toContain('brightness');
  });

  it('is not good enough where everything has the same grey', async () => {
    expect(await failedChecks(plain('#808080'))).toEqual(['sharpness', 'contrast']);
  });

  it('finds the same sharpness for the same picture in another size', async () => {
    const original = await detailed(1_024, 768).png().toBuffer();
    const small = await pictureQuality(await decodePicture(original));
    const large = await sharp(original).resize(2_048, 1_536, { kernel: 'nearest' }).png().toBuffer();
    const { sharpness } = await pictureQuality(await decodePicture(large));
    expect(sharpness.value / small.sharpness.value).toBeGreaterThan(0.8);
    expect(sharpness.value / small.sharpness.value).toBeLessThan(1.25);
  });
});
