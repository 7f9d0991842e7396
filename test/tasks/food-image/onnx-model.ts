/**
 * Writes small ONNX models, as the format's own definition has them (onnx.proto, IR version 8): the mean of each
 * colour over the picture, taken as a score by labels of the same number.
 */
export function meanColourModel(layout: 'channels first' | 'channels last'): Buffer {
  const shape = layout === 'channels first' ? [1, 3, 4, 4] : [1, 4, 4, 3];
  const axes = layout === 'channels first' ? [2, 3] : [1, 2];
  const graph = message(
    bytes(1, node('ReduceMean', ['picture'], ['scores'], [ints('axes', axes), int('keepdims', 0)])),
    text(2, 'mean colour'),
    bytes(11, tensorOf('picture', shape)),
    bytes(12, tensorOf('scores', [1, 3])),
  );
  return model(graph);
}

/** A model that takes whole numbers. */
export function integerModel(): Buffer {
  const graph = message(
    bytes(1, node('Identity', ['number'], ['same'], [])),
    text(2, 'same'),
    bytes(11, tensorOf('number', [1], 7)),
    bytes(12, tensorOf('same', [1], 7)),
  );
  return model(graph);
}

/** ModelProto: ir_version 1, opset_import 8, graph 7. */
function model(graph: Buffer): Buffer {
  return message(varint(1, 8), bytes(7, graph), bytes(8, message(text(1, ''), varint(2, 13))));
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Buffer[],
) {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...attributes.map((attribute) => bytes(5, attribute)),
  );
}

/** AttributeProto: name 1, i 3, ints 8, type 20 (2 = INT, 7 = INTS). */
function int(name: string, value: number): Buffer {
  return message(text(1, name), varint(3, value), varint(20, 2));
}

function ints(name: string, values: readonly number[]): Buffer {
  return message(text(1, name), ...values.map((value) => varint(8, value)), varint(20, 7));
}

/** ValueInfoProto: name 1, type 2; its tensor_type 1 has elem_type 1 (1 = FLOAT) and shape 2 of dim 1 of dim_value 1. */
function tensorOf(name: string, shape: readonly number[], elementType = 1): Buffer {
  const dimensions = message(...shape.map((size) => bytes(1, varint(1, size))));
  const tensor = message(varint(1, elementType), bytes(2, dimensions));
  return message(text(1, name), bytes(2, bytes(1, tensor)));
}

function message(...fields: readonly Buffer[]): Buffer {
  return Buffer.concat(fields);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

/** Protocol Buffers, wire type 2: length and content. */
function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([number((field << 3) | 2), number(content.length), content]);
}

/** Protocol Buffers, wire type 0. */
function varint(field: number, value: number): Buffer {
  return Buffer.concat([number(field << 3), number(value)]);
}

function number(value: number): Buffer {
  const groups = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) groups.push(rest & 0x7f);
  return Buffer.from(groups.map((group, index) => (index < groups.length - 1 ? group | 0x80 : group)));
}
