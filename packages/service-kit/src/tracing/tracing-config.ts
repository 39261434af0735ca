import { Type } from 'typebox'

/** The variables of the plugin `tracing`, named as OpenTelemetry names them. */
export const tracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      pattern: '^https?://.+',
      description:
        'Where spans are sent, a collector for OTLP over HTTP (docs/tracing.md); without it tracing is off.',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Share of the traces that are kept, decided where an update is received.',
  }),
}
