import { TraceFlags, trace } from '@opentelemetry/api';

/** Where traces go, and which. */
export interface TracingOptions {
  readonly service: string;
  /** Base URL of an OpenTelemetry collector that takes OTLP over HTTP. */
  readonly endpoint: string;
  /** Part of the traces that begin here which are recorded, 0 to 1. */
  readonly ratio: number;
}

/** The recording of traces in one process. */
export interface Tracing {
  /** Sends what is recorded and ends. */
  stop(): Promise<void>;
}

/**
 * Records traces from now on and sends them to a collector; a collector that is away loses spans and disturbs nobody.
 * Its libraries are loaded here, so that a process without traces does without them.
 */
export async function startTracing({ service, endpoint, ratio }: TracingOptions): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new sdk.NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'smarteats' }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  });
  // W3C's propagation and Node's asynchronous contexts are what it registers unless told otherwise.
  provider.register();
  return { stop: () => provider.shutdown() };
}

/** The trace that goes on just now, for log lines; empty without one. */
export function traceFields(): Readonly<Record<string, string>> {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}

/** The id of the trace that goes on just now, if it is recorded. */
export function recordedTraceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return undefined;
  return span.traceId;
}
