import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOnnxClassifier } from '../../../workers/tasks/food-image/onnx-classifier.ts';
import { decodePicture } from '../../../workers/tasks/food-image/picture.ts';
import { integerModel, meanColourModel } from './onnx-model.ts';
import { plain } from './painted-pictures.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-onnx-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const never = new AbortController().signal;

/** Writes a model with its labels. @returns its path */
function written(name: string, model: Buffer, labels = 'tomato soup\nspinach\nblueberry pie\n'): string {
  const path = join(directory, name);
  writeFileSync(path, model);
  writeFileSync(`${path}.labels.txt`, labels);
  return path;
}

async function classify(modelPath: string, colour: string, labelsPath?: string) {
  const { pixels } = await decodePicture(await plain(colour, 64, 48).png().toBuffer());
  return createOnnxClassifier({ modelPath, labelsPath }).recognise(pixels, never);
}

describe('a local classifier', () => {
  it.each(['channels first', 'channels last'] as const)(
    'sees the colours where the model wants them: %s',
    async (layout) => {
      const path = written(`${layout}.onnx`, meanColourModel(layout));
      for (const [colour, dish] of [
        ['#ff0000', 'tomato soup'],
        ['#00ff00', 'spinach'],
        ['#0000ff', 'blueberry pie'],
      ] as const) {
        expect((await classify(path, colour)).dishes[0]?.name).toBe(dish);
      }
    },
  );

  it('turns scores into confidences, as the model was trained to have them', async () => {
    const path = written('scores.onnx', meanColourModel('channels first'));
    // Red is (1, 0, 0), less ImageNet's mean and over its deviation.
    const scores = [(1 - 0.485) / 0.229, -0.456 / 0.224, -0.406 / 0.225];
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    const { dishes } = await classify(path, '#ff0000');
    expect(dishes[0]?.confidence).toBeCloseTo(Math.exp(scores[0] ?? 0) / total, 3);
    // What the model hardly believes is not named.
    expect(dishes).toHaveLength(1);
  });

  it('is named after its file, and reads it once', async () => {
    const path = written('kept.onnx', meanColourModel('channels first'));
    const classifier = createOnnxClassifier({ modelPath: path });
    const { pixels } = await decodePicture(await plain('#ff0000', 8, 8).png().toBuffer());
    const first = await classifier.recognise(pixels, never);
    rmSync(path);
    expect(await classifier.recognise(pixels, never)).toEqual(first);
    expect(classifier.model).toBe('kept.onnx');
  });

  it('takes its labels from another file where one is named', async () => {
    const path = written('elsewhere.onnx', meanColourModel('channels first'));
    const labels = join(directory, 'german.txt');
    writeFileSync(labels, 'Tomatensuppe\r\nSpinat\r\nHeidelbeerkuchen');
    expect((await classify(path, '#ff0000', labels)).dishes[0]?.name).toBe('Tomatensuppe');
  });

  it.each<[string, () => string, string]>([
    ['is not there', () => join(directory, 'absent.onnx'), 'no such file'],
    ['is no model', () => written('text.onnx', Buffer.from('hello')), 'no ONNX model'],
    ['does not take pictures', () => written('integers.onnx', integerModel()), 'int64 rather than float32'],
    [
      'has other labels',
      () => written('labels.onnx', meanColourModel('channels first'), 'one\ntwo\n'),
      '3 numbers for 2 labels',
    ],
  ])('that %s is an error of the configuration', async (_, path, reason) => {
    await expect(classify(path(), '#ff0000')).rejects.toMatchObject({
      code: 'IMAGE_MODEL_INVALID',
      message: expect.stringContaining(reason),
    });
  });

  it('that was not there the first time is found later', async () => {
    const classifier = createOnnxClassifier({ modelPath: join(directory, 'late.onnx') });
    const { pixels } = await decodePicture(await plain('#ff0000', 8, 8).png().toBuffer());
    await expect(classifier.recognise(pixels, never)).rejects.toMatchObject({ code: 'IMAGE_MODEL_INVALID' });
    written('late.onnx', meanColourModel('channels first'));
    expect((await classifier.recognise(pixels, never)).dishes[0]?.name).toBe('tomato soup');
  });
});
