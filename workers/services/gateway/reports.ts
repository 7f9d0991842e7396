import type { Readable } from 'node:stream';
import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Identifier } from '../../platform/order.ts';
import type { ObjectStorage } from '../../storage/object-storage.ts';
import { ReportLinks, reportKey } from '../../storage/report-link.ts';
import type { App } from '../host/service-module.ts';
import { bodyErrors, callerErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';

interface ReportSettings {
  readonly REPORT_LINK_SECRET?: string | undefined;
  readonly PUBLIC_URL?: string | undefined;
}

const tags = ['Restaurants'];
const OfReport = z.object({ restaurantId: Identifier, reportId: Identifier });

/**
 * Lets restaurants fetch their reports. A link is enough, so that a browser can follow it; it was given to the
 * restaurant alone, and only the restaurant gets a new one. Whoever is signed in as somebody else gets nothing by it.
 */
export function addReportRoutes(
  app: App,
  settings: ReportSettings,
  storage: ObjectStorage,
  callers: Callers,
): void {
  const links = new ReportLinks(settings.REPORT_LINK_SECRET, settings.PUBLIC_URL);

  app.get(
    '/restaurants/:restaurantId/reports/:reportId',
    {
      schema: {
        summary: 'Fetch a report by its link',
        description:
          'The link is what the task that made the report returned, or a new one; it expires after a week.',
        tags,
        params: OfReport,
        querystring: z.object({
          expires: z.coerce.number<string>().int().min(0).describe('Seconds since 1970'),
          signature: z.string().min(1).max(100),
        }),
        response: {
          200: {
            description: 'The report',
            content: { 'application/pdf': { schema: z.custom<Readable>() } },
          },
          ...failures(
            'REQUEST_INVALID',
            'AUTH_FORBIDDEN',
            'REPORT_LINK_INVALID',
            'REPORT_LINK_EXPIRED',
            'REPORT_UNKNOWN',
            'REPORT_LINKS_UNAVAILABLE',
            'REPORT_STORAGE_FAILED',
          ),
        },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      links.check(params, query, new Date());
      const session = callers.find(request);
      if (session !== undefined && session.restaurantId !== params.restaurantId) {
        throw new PlatformError('AUTH_FORBIDDEN');
      }
      const report = await storage.open(reportKey(params));
      if (report === undefined) throw new PlatformError('REPORT_UNKNOWN');
      return reply
        .headers({
          'content-type': 'application/pdf',
          'content-length': report.bytes,
          'content-disposition': `inline; filename="${params.restaurantId}_${params.reportId}.pdf"`,
          // The address is a credential: it is not to be kept by proxies nor to be told to other sites.
          'cache-control': 'private, no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        })
        .send(report.content);
    },
  );

  app.post(
    '/restaurants/:restaurantId/reports/:reportId/link',
    {
      onRequest: callers.ownerOnly,
      schema: {
        summary: 'Get a new link to a report',
        tags,
        security: callers.security,
        params: OfReport,
        response: {
          200: z.object({ url: z.string(), expiresAt: z.iso.datetime() }),
          ...failures(
            ...bodyErrors,
            ...callerErrors,
            'REPORT_UNKNOWN',
            'REPORT_LINKS_UNAVAILABLE',
            'REPORT_STORAGE_FAILED',
          ),
        },
      },
    },
    async ({ params }) => {
      const report = await storage.open(reportKey(params));
      if (report === undefined) throw new PlatformError('REPORT_UNKNOWN');
      report.content.destroy();
      const { url, expiresAt } = links.linkTo(params, new Date());
      return { url, expiresAt: expiresAt.toISOString() };
    },
  );
}
