import { access, constants, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { PlatformError } from '../../platform/errors.ts';
import type { DishRecogniser } from './dish-recogniser.ts';
import { type Pixels, sharpOf } from './picture.ts';

export interface OnnxClassifierOptions {
  /** An ONNX model that takes one RGB picture (`[1,3,H,W]` or `[1,H,W,3]`) and gives one number for each label. */
  readonly modelPath: string;
  /** A text file with the labels in the model's order, one a line. @default the model's path with `.labels.txt` added */
  readonly labelsPath?: string | undefined;
}

/** Size for models that take pictures of any size, as almost all classifiers were trained with. */
const usualSide = 224;
/** Mean and deviation of ImageNet's pictures, which classifiers expect to be taken out (red, green, blue). */
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];
const mostCandidates = 5;
const leastConfidence = 0.05;

// One task uses one processor; how many run side by side is the worker's decision.
env.wasm.numThreads = 1;
env.logLevel = 'error';

interface Model {
  readonly session: InferenceSession;
  readonly input: string;
  readonly output: string;
  readonly layout: 'channels first' | 'channels last';
  readonly width: number;
  readonly height: number;
  readonly labels: readonly string[];
}

/**
 * Looks whether the files of a model can be read, without loading them.
 * @throws PlatformError IMAGE_MODEL_INVALID
 */
export async function checkModelFiles(options: OnnxClassifierOptions): Promise<void> {
  for (const file of filesOf(options)) {
    await access(file, constants.R_OK).catch(unreadable);
  }
}

function unreadable(cause: unknown): never {
  throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
}

function filesOf({ modelPath, labelsPath = `${modelPath}.labels.txt` }: OnnxClassifierOptions) {
  return [modelPath, labelsPath] as const;
}

/** Recognises dishes with a classifier of this machine. The model is read at its first use and then kept. */
export function createOnnxClassifier(options: OnnxClassifierOptions): DishRecogniser {
  const [modelPath, labelsPath] = filesOf(options);
  let loading: Promise<Model> | undefined;
  return {
    model: basename(modelPath),
    async recognise(pixels) {
      loading ??= load(modelPath, labelsPath).catch((error: unknown) => {
        // The file may be there next time.
        loading = undefined;
        throw error;
      });
      const model = await loading;
      const scores = await run(model, await inputOf(model, pixels));
      return { dishes: candidates(probabilities(scores), model.labels) };
    },
  };
}

async function load(modelPath: string, labelsPath: string): Promise<Model> {
  const [bytes, text] = await Promise.all([readFile(modelPath), readFile(labelsPath, 'utf8')]).catch(
    unreadable,
  );
  const session = await InferenceSession.create(new Uint8Array(bytes), {
    executionProviders: ['wasm'],
  }).catch((cause: unknown) => {
    throw invalid(`${modelPath} is no ONNX model that can be run`, cause);
  });
  const labels = text.split(/\r?\n/).map((line) => line.trim());
  if (labels.at(-1) === '') labels.pop();
  return { session, labels, ...shapeOf(session) };
}

/** How the model wants its picture. */
function shapeOf(session: InferenceSession): Pick<Model, 'input' | 'output' | 'layout' | 'width' | 'height'> {
  const [input] = session.inputMetadata;
  const [output] = session.outputNames;
  if (session.inputMetadata.length !== 1 || input?.isTensor !== true || output === undefined) {
    throw invalid('it does not take one tensor');
  }
  if (input.type !== 'float32') throw invalid(`it takes ${input.type} rather than float32`);
  const [, first, second, third] = input.shape;
  if (input.shape.length !== 4) throw invalid(`it takes ${input.shape.length} dimensions rather than 4`);
  // A dimension with a name can have any size.
  const side = (size: number | string | undefined) => (typeof size === 'number' ? size : usualSide);
  const named = { input: input.name, output };
  if (first === 3) return { ...named, layout: 'channels first', height: side(second), width: side(third) };
  if (third === 3) return { ...named, layout: 'channels last', height: side(first), width: side(second) };
  throw invalid('it does not take pictures of three colours');
}

async function inputOf({ layout, width, height }: Model, pixels: Pixels): Promise<Tensor> {
  const rgb = await sharpOf(pixels).resize(width, height, { fit: 'cover' }).raw().toBuffer();
  const values = new Float32Array(rgb.length);
  const plane = width * height;
  rgb.forEach((value, index) => {
    const channel = index % 3;
    const normal = (value / 255 - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
    values[layout === 'channels last' ? index : channel * plane + Math.floor(index / 3)] = normal;
  });
  const shape = layout === 'channels last' ? [1, height, width, 3] : [1, 3, height, width];
  return new Tensor('float32', values, shape);
}

async function run({ session, input, output, labels }: Model, tensor: Tensor): Promise<readonly number[]> {
  const results = await session.run({ [input]: tensor }).catch((cause: unknown) => {
    throw invalid('it cannot be run on a picture', cause);
  });
  const data = results[output]?.data;
  if (!(data instanceof Float32Array)) throw invalid('its result is not float32');
  if (data.length !== labels.length) {
    throw invalid(`it gives ${data.length} numbers for ${labels.length} labels`);
  }
  return [...data];
}

/** The scores themselves where they are probabilities already, else their softmax. */
function probabilities(scores: readonly number[]): readonly number[] {
  const sum = scores.reduce((total, score) => total + score, 0);
  if (scores.every((score) => score >= 0 && score <= 1) && Math.abs(sum - 1) < 0.01) return scores;
  const greatest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - greatest));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}

function candidates(confidences: readonly number[], labels: readonly string[]) {
  return confidences
    .map((confidence, index) => ({ name: labels[index] ?? '', confidence }))
    .filter(({ confidence, name }) => confidence >= leastConfidence && name !== '')
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, mostCandidates)
    .map(({ name, confidence }) => ({ name, confidence: Math.round(confidence * 1000) / 1000 }));
}

function invalid(reason: string, cause?: unknown): PlatformError {
  return new PlatformError('IMAGE_MODEL_INVALID', `The image classifier cannot be used: ${reason}`, {
    cause,
  });
}
