/** docs/metrics.md, made from the metrics themselves. */

import { refusalReasons } from '../metrics/request-metrics.ts';
import { Metrics } from '../metrics.ts';

const INTRODUCTION = `# Metrics

Made from the code by \`lam-gateway docs metrics\`; a test fails when it is out of step. Names are stable.

\`GET /metrics\` answers in Prometheus' text format, or in OpenMetrics when the scraper prefers it, as Prometheus does. Units are base
units; histograms of latencies begin at 1 ms. In OpenMetrics, buckets of \`lam_gateway_request_seconds\` carry the \`trace_id\` of a
traced request. Where authentication is configured, scraping takes a credential with the scope \`scrape\`.

Labels have few values: \`model\` and \`version\` name what is loaded and was chosen for a request, also where it then failed; \`unknown\` stands
for whatever else a client names, \`none\` where no model was chosen: the method asks none, or the request was turned away before. \`rpc\` is
the name of a method; \`outcome\` is \`ok\` or an error code (docs/api.md); \`rule\` is a rule of the policy, or \`none\`.
Values of \`reason\` in \`lam_gateway_refusals_total\`: ${refusalReasons.map((reason) => `\`${reason}\``).join(', ')}.

Useful quotients, as recording rules in deploy/prometheus/rules.yml: forced share (\`tokens_total{kind="forced"}\` of forced and
generated), prefix hit share (\`prefix_hit_tokens_total\` of \`prefix_queried_tokens_total\`), mean batch (\`batch_size\` sum by count).
Work for requests that were never answered is what \`engine_tokens_total\` counts beyond \`tokens_total\`.

For the Kubernetes Gateway API inference extension: waiting requests are \`lam_gateway_waiting_requests\`, running ones
\`lam_gateway_slots_in_use\`, and KV cache utilization \`lam_gateway_kv_usage_ratio\`.
`;

export function metricsReference(): string {
  const metrics = new Metrics({
    version: '',
    models: () => [],
    unreadyReason: () => undefined,
    requestsInFlight: () => 0,
  });
  const rows = metrics.describe().map(({ name, type, labels, help }) => {
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`;
  });
  return `${INTRODUCTION}\n| metric | type | labels | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}
