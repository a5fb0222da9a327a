/** The metrics as text: in Prometheus' own format, or as OpenMetrics, which has room for trace ids. */
import type { MetricFactory } from './factory.ts';

export type Exposition = { readonly contentType: string; readonly text: string };

/** What a metric holds, as prom-client hands it out. */
type Sample = {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName?: string;
  readonly exemplar?: {
    readonly labelSet: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp: number;
  } | null;
};
type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Sample[];
};

const OPEN_METRICS = 'application/openmetrics-text';

/** What differs between the formats. */
type Format = { readonly contentType: string; readonly isOpenMetrics: boolean; readonly end: string };
const PLAIN: Format = { contentType: 'text/plain; version=0.0.4; charset=utf-8', isOpenMetrics: false, end: '' };
const OPEN: Format = {
  contentType: `${OPEN_METRICS}; version=1.0.0; charset=utf-8`,
  isOpenMetrics: true,
  end: '# EOF\n',
};

/**
 * `accept`: the header of that name; Prometheus asks for OpenMetrics in it. Written here, because prom-client's registry has one
 * format for good, and its OpenMetrics renames the counters in the registry.
 */
export async function expose({ registry }: MetricFactory, accept: string | null): Promise<Exposition> {
  const format = accept !== null && prefersOpenMetrics(accept) ? OPEN : PLAIN;
  const families = (await registry.getMetricsAsJSON()) as unknown as readonly Family[];
  const text = families.map((family) => familyText(family, format)).join('') + format.end;
  return { contentType: format.contentType, text };
}

/** True if it is wanted at least as much as plain text. */
function prefersOpenMetrics(accept: string): boolean {
  const weights = new Map<string, number>();
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(type, Math.max(weights.get(type) ?? 0, quality === undefined ? 1 : Number(quality.slice(2)) || 0));
  }
  const wanted = weights.get(OPEN_METRICS) ?? 0;
  return wanted > 0 && wanted >= (weights.get('text/plain') ?? 0);
}

function familyText({ name, help, type, values }: Family, { isOpenMetrics }: Format): string {
  // In OpenMetrics a counter's family has no suffix; its sample does.
  const family = isOpenMetrics && type === 'counter' ? name.replace(/_total$/, '') : name;
  const lines = [`# HELP ${family} ${escapeHelp(help)}`, `# TYPE ${family} ${type}`];
  for (const { value, labels, metricName = name, exemplar } of values) {
    const example = isOpenMetrics && exemplar ? exemplarText(exemplar) : '';
    lines.push(`${metricName}${labelsText(labels)} ${numberText(value)}${example}`);
  }
  return `${lines.join('\n')}\n`;
}

function exemplarText({ labelSet, value, timestamp }: NonNullable<Sample['exemplar']>): string {
  return ` # ${labelsText(labelSet)} ${numberText(value)} ${timestamp}`;
}

function labelsText(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    // The bound of a bucket is a number, and written like one.
    const text = typeof value === 'number' ? numberText(value) : escapeText(value);
    return `${name}="${text}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
