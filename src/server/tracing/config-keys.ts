/** Configuration keys of traces. */
import { number, string } from '../config-key.ts';

export const TRACING_KEYS = {
  otlpEndpoint: string('', 'OpenTelemetry collector that takes traces over HTTP, http://host:4318; empty: no traces'),
  otlpHeadersFile: string(
    '',
    'file of headers for the collector, such as a key: one "name: value" per line; empty: none',
  ),
  traceSampleRatio: number(
    [0, 1],
    1,
    'share of the requests without a trace of their own that is traced, 0 to 1; others follow their caller',
  ),
} as const;

export type TracingConfig = {
  readonly otlpEndpoint: string;
  readonly otlpHeadersFile: string;
  readonly traceSampleRatio: number;
};

/** Rules over several keys. */
export function tracingProblems(config: TracingConfig): readonly (readonly [keyof TracingConfig, string])[] {
  const { otlpEndpoint, otlpHeadersFile } = config;
  if (otlpEndpoint === '') {
    return otlpHeadersFile === '' ? [] : [['otlpHeadersFile', 'not used: set otlpEndpoint']];
  }
  const url = URL.canParse(otlpEndpoint) ? new URL(otlpEndpoint) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return [['otlpEndpoint', 'expected an http or https URL']];
  // The configuration is logged and printed.
  if (url.password === '') return [];
  return [['otlpEndpoint', 'no password here: put the header into a file and name that in otlpHeadersFile']];
}
