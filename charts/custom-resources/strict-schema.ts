import { mapSubschemas, type OpenApiSchema } from './definition.ts';

/** Keywords that say something about the server's bookkeeping, or what it fills in, and nothing about a manifest. */
const irrelevant = ['default', 'description', 'format', 'example', 'externalDocs', 'title'];

/**
 * The JSON Schema of a custom resource in which a field that the definition does not have is an error, where the
 * API server would only drop it. Kubernetes' extensions are said in plain JSON Schema
 * (Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions", structural schemas).
 *
 * @param schema `openAPIV3Schema` of one version
 */
export function strictSchema(schema: OpenApiSchema): OpenApiSchema {
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const said = mapSubschemas(plain(schema), strictSchema);
  if (intOrString) return integerOrString(said);
  if (schema.type !== 'object' || open || schema.additionalProperties !== undefined) return said;
  return { ...said, additionalProperties: false };
}

/** Logical parts of a structural schema only narrow what the rest of it declares; they name no new fields. */
function plain(schema: OpenApiSchema): OpenApiSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) =>
        !keyword.startsWith('x-kubernetes-') &&
        !irrelevant.includes(keyword) &&
        !(keyword === 'pattern' && !isPattern(value)),
    ),
  );
}

/** Definitions are written for Go's regular expressions; what only Go understands, such as `(?i)`, is left to the server. */
function isPattern(text: unknown): boolean {
  try {
    return new RegExp(String(text), 'u') !== undefined;
  } catch {
    return false;
  }
}

/** The definition's own `anyOf` says the same, and its pattern is about strings. */
function integerOrString({ anyOf: _, ...constraints }: OpenApiSchema): OpenApiSchema {
  return { anyOf: [{ type: 'integer' }, { type: 'string', ...constraints }] };
}
