/** What an SRE deploys agrees with the code: dashboard, rules, alerts, runbook, references; judged by promtool. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { envName, flagName, loadConfig } from '../../src/server/config.ts';
import { KEYS, type KeyName } from '../../src/server/config-keys.ts';
import { Metrics } from '../../src/server/metrics.ts';
import { configurationReference } from '../../src/server/reference/configuration-reference.ts';
import { metricsReference } from '../../src/server/reference/metrics-reference.ts';
import { aStepReport } from '../support/fake-runtime.ts';

const read = (path: string): string => readFileSync(path, 'utf8');

const RULES = 'deploy/prometheus/rules.yml';
const ALERTS = 'deploy/prometheus/alerts.yml';
const DASHBOARD = 'deploy/grafana/lam-gateway.json';

type Rule = {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
};

function rulesOf(path: string): readonly Rule[] {
  const { groups } = parse(read(path)) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

/** Throws away what it prints unless it fails. */
function promtool(args: readonly string[], input = ''): void {
  const { LAM_PROMTOOL: program, LAM_TOOL_LIBRARIES: libraries = '' } = process.env;
  assert.ok(program !== undefined, 'LAM_PROMTOOL names no promtool; npm test sets it');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const { status, stdout, stderr } = spawnSync(program, args, { input, env, encoding: 'utf8' });
  assert.equal(status, 0, `promtool ${args.join(' ')}\n${stdout}${stderr}`);
}

/** With a series of every metric that needs one. */
function busyMetrics(): Metrics {
  const models = [{ name: 'm', version: '1', state: 'ready', labels: [{ label: 'stable', share: 1 }] }] as const;
  const memory = { weightsBytes: 1, kvBytes: 2, prefixStoreBytes: 3, totalBytes: 6 };
  const metrics = new Metrics({
    version: '1.2.3',
    models: () => models,
    unreadyReason: () => undefined,
    requestsInFlight: () => 1,
    memory: () => ({ maxBytes: 0, totalBytes: 6, models: [{ name: 'm', version: '1', ...memory }] }),
    episodes: () => ({ live: 1, evictions: 2, up: true }),
    certificateExpiresMs: () => Date.now() + 86_400_000,
  });
  metrics.watchConnections('http', { numOpen: 1, refusals: { max_connections: 1, max_connections_per_peer: 2 } });
  const timing = { queueMs: 1, renderMs: 2, grammarMs: 0.1, prefillMs: 3, decodeMs: 4, totalMs: 10 };
  const usage = { promptTokens: 9, cachedTokens: 8, generatedTokens: 3, forcedTokens: 4 };
  const rewards = [{ raw: 0, score: 0.5 }];
  const whole = { admittedMs: 0, askedMs: 1, policyMs: { start: 8, end: 9 }, work: { timing, usage, rewards } };
  const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isRecorded: true };
  metrics.onCall({
    rpc: 'PredictAction',
    model: 'm',
    version: '1',
    outcome: 'ok',
    durationMs: 12,
    ...whole,
    trace,
    withheldBy: ['no'],
  });
  metrics.onCall({ rpc: 'PredictAction', model: 'x"\\\n', version: '', outcome: 'overloaded', durationMs: 1 });
  metrics.onStep(aStepReport({ model: 'm', version: '1', decodeRows: 2, generatedTokens: 2, prefixHitTokens: 1 }));
  metrics.onRewardBatch({
    model: 'm',
    version: '1',
    pairs: 2,
    tokens: 9,
    paddedTokens: 10,
    durationMs: 3,
    waitingPairs: 0,
  });
  metrics.onPolicy('deny', 'no "deletes"');
  metrics.onModelState({ model: 'm', version: '1', state: 'ready', reason: '' });
  metrics.expectReloads(['policy']);
  metrics.onReady(1);
  return metrics;
}

test('promtool finds no fault with the metrics', async () => {
  promtool(['check', 'metrics'], (await busyMetrics().expose()).text);
});

test('Prometheus can read the OpenMetrics format, with its exemplars', async () => {
  const { contentType, text } = await busyMetrics().expose('application/openmetrics-text');
  assert.match(contentType, /^application\/openmetrics-text/);
  assert.match(text, / # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736"\} 0\.012 /);
  const folder = mkdtempSync(join(tmpdir(), 'lam-openmetrics-'));
  try {
    // What reads a file wants a time with each sample; a scrape does not.
    const timed = text.replace(/^(?!#)(\S+(?:\{.*?\})? [^ #]+)( # .*)?$/gm, '$1 1700000000$2');
    writeFileSync(join(folder, 'metrics'), timed);
    promtool(['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'metrics'), join(folder, 'data')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the rules are sound, and the alerts fire when they should', () => {
  promtool(['check', 'rules', RULES, ALERTS]);
  promtool(['test', 'rules', 'deploy/prometheus/tests.yml']);
});

test('rules, alerts and dashboard name only metrics that there are', () => {
  const known = new Set(['up', ...rulesOf(RULES).flatMap(({ record }) => record ?? [])]);
  for (const { name, type } of busyMetrics().describe()) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) known.add(name + suffix);
  }
  const dashboard = JSON.parse(read(DASHBOARD)) as { panels: { targets?: { expr: string }[] }[] };
  const expressions = [
    ...[RULES, ALERTS].flatMap((path) => rulesOf(path).map(({ expr }) => expr)),
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
  assert.ok(expressions.length > 60);
  for (const expr of expressions) {
    const names = expr.match(/\b(?:lam_gateway|gen_ai)[a-z0-9_:]*|\bup\b/g) ?? [];
    assert.ok(names.length > 0, expr);
    for (const name of names) assert.ok(known.has(name), `${name} in ${expr}`);
  }
});

test('every query of the dashboard is one that Prometheus can read', () => {
  const dashboard = JSON.parse(read(DASHBOARD)) as { panels: { targets?: { expr: string }[] }[] };
  const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = expressions.map((expr, i) => ({
    record: `query:${i}`,
    expr: expr.replaceAll('$__rate_interval', '5m'),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'lam-dashboard-'));
  try {
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    promtool(['check', 'rules', join(folder, 'rules.yml')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every alert has its section in the runbook, and every section its alert', () => {
  const alerts = rulesOf(ALERTS);
  const sections = [...read('docs/runbook.md').matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  assert.deepEqual(
    alerts.map(({ alert }) => alert),
    sections,
  );
  for (const { alert = '', annotations } of alerts) {
    assert.equal(annotations?.['runbook_url'], `docs/runbook.md#${alert.toLowerCase()}`);
  }
});

test('what deploy/ sets is there to be set', () => {
  const texts = ['systemd/lam-gateway.service', 'docker/compose.yaml', 'kubernetes/lam-gateway.yaml'].map((path) =>
    read(`deploy/${path}`).replace(/^\s*#.*$/gm, ''),
  );
  const keys = Object.keys(KEYS) as KeyName[];
  const known = new Set(['--config', 'LAM_GATEWAY_CONFIG', ...keys.map(flagName), ...keys.map(envName)]);
  const named = texts.flatMap(
    (text) => text.match(/(?<=[ [])--[a-z]+(?:-[a-z]+)*(?==| \/)|LAM_GATEWAY_[A-Z_]+/g) ?? [],
  );
  assert.ok(named.length >= 8, named.join());
  for (const name of named) assert.ok(known.has(name), name);
  const [deployment] = (texts[2] ?? '').split(/^---$/m).map((document) => parse(document));
  const [{ args }] = deployment.spec.template.spec.containers;
  const configured = loadConfig({ argv: args.slice(1), env: {}, readFile: () => '{}' });
  assert.equal(configured.type, 'serve');
  const compose = parse(texts[1] ?? '') as { services: { gateway: { environment: Record<string, string> } } };
  loadConfig({ argv: [], env: compose.services.gateway.environment, readFile: () => '{}' });
});

for (const [path, make] of [
  ['docs/configuration.md', configurationReference],
  ['docs/metrics.md', metricsReference],
] as const) {
  test(`${path} says what the code does`, () => {
    const name = path.replace(/^docs\/|\.md$/g, '');
    assert.equal(read(path), make(), `out of step: node dist/src/server/main.js docs ${name} > ${path}`);
  });
}
