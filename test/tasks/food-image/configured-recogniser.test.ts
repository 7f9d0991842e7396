import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkRecogniser,
  configuredRecogniser,
} from '../../../workers/tasks/food-image/configured-recogniser.ts';

let directory: string;
let model: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-recogniser-'));
  model = join(directory, 'food.onnx');
  writeFileSync(model, '');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const vision = { FOOD_VISION_MODEL: 'seeing-1' };
const endpoint = { ...vision, FOOD_VISION_URL: 'https://vision.example/v1' };

describe('the configured recogniser', () => {
  it('is the endpoint where one is configured, else the classifier, else none', () => {
    expect(configuredRecogniser({ ...endpoint, FOOD_MODEL_PATH: model })?.model).toBe('seeing-1');
    expect(configuredRecogniser({ ...vision, FOOD_MODEL_PATH: model })?.model).toBe('food.onnx');
    expect(configuredRecogniser(vision)).toBeUndefined();
  });

  it('lacks nothing where no classifier is used', async () => {
    await expect(checkRecogniser(vision)).resolves.toBeUndefined();
    await expect(
      checkRecogniser({ ...endpoint, FOOD_MODEL_PATH: '/no/such/model' }),
    ).resolves.toBeUndefined();
  });

  it('is told to lack its model, or the labels beside it', async () => {
    const missing = (path: string) =>
      expect.objectContaining({ code: 'IMAGE_MODEL_INVALID', message: expect.stringContaining(path) });
    const nowhere = join(directory, 'nowhere.onnx');
    await expect(checkRecogniser({ ...vision, FOOD_MODEL_PATH: nowhere })).rejects.toEqual(missing(nowhere));
    const classifier = { ...vision, FOOD_MODEL_PATH: model };
    await expect(checkRecogniser(classifier)).rejects.toEqual(missing(`${model}.labels.txt`));
    await expect(checkRecogniser({ ...classifier, FOOD_MODEL_LABELS: model })).resolves.toBeUndefined();
  });
});
