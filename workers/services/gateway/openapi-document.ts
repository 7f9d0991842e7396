import { STATUS_CODES } from 'node:http';

/** The parts of an OpenAPI 3.1 description that are tidied. */
interface OpenApiDocument {
  readonly openapi: string;
  components?: { schemas?: Record<string, unknown> };
  readonly paths?: Record<string, Record<string, { readonly responses?: Record<string, Described> }>>;
}

interface Described {
  description?: string;
}

/**
 * A copy of a generated description without what only the generator needs: schemas that nothing refers to (each
 * named one is generated twice, for requests and for answers), and answers described as "Default Response".
 */
export function tidied(generated: object): OpenApiDocument {
  // The generator makes an OpenAPI 3.1 object; its type covers every version at once.
  const document = structuredClone(generated) as OpenApiDocument;
  const text = JSON.stringify(document);
  const schemas = document.components?.schemas ?? {};
  for (const name of Object.keys(schemas)) {
    if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name];
  }
  for (const operation of Object.values(document.paths ?? {}).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? status;
    }
  }
  return document;
}
