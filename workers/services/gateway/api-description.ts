import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../host/service-module.ts';
import { failures } from './api-errors.ts';
import { tidied } from './openapi-document.ts';

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 40" height="40">
<text x="0" y="27" font-family="system-ui, sans-serif" font-size="22" font-weight="600" fill="#ffffff">SmartEats</text></svg>`;

/**
 * Describes the routes that are added to this scope from now on, in OpenAPI 3.1 at /openapi.json, made from the
 * schemas that validate them, and as a page at /docs whose assets come from this service.
 */
export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'SmartEats API',
        version: '1.0.0',
        description:
          'Ordering food: for customers, restaurants and drivers. Every error has the same shape and a stable code.',
      },
      tags: [
        { name: 'Accounts', description: 'Registering and sessions' },
        {
          name: 'Restaurants',
          description: 'Restaurants, menus, and what a restaurant does with its orders',
        },
        { name: 'Orders', description: 'Placing orders and following them' },
        { name: 'Drivers', description: 'Drivers and deliveries' },
        { name: 'API', description: 'About this API' },
      ],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'",
    // No validator of another site: the page works without the internet.
    logo: { type: 'image/svg+xml', content: Buffer.from(logo) },
    theme: { title: 'SmartEats API' },
    uiConfig: { url: '/openapi.json', docExpansion: 'list', validatorUrl: null },
  });

  let description: { openapi: string } | undefined;
  app.get(
    '/openapi.json',
    {
      schema: {
        summary: 'This description',
        tags: ['API'],
        response: { 200: z.looseObject({ openapi: z.string() }), ...failures() },
      },
    },
    async () => {
      description ??= { ...tidied(app.swagger()) };
      return description;
    },
  );

  app.get(
    '/',
    {
      schema: {
        summary: 'What this is and where to go on',
        tags: ['API'],
        response: {
          200: z.object({ name: z.string(), links: z.record(z.string(), z.string()) }),
          ...failures(),
        },
      },
    },
    async () => ({
      name: 'SmartEats API',
      links: { documentation: '/docs', description: '/openapi.json', restaurants: '/restaurants' },
    }),
  );
}
