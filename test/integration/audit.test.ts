/** The audit log of a gateway: what is in it, what is not, and what can be trained on it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, type TestContext, test } from 'node:test';
import { runAudit } from '../../src/server/commands/audit.ts';
import type { Config } from '../../src/server/config.ts';
import { expectOk } from '../contract/api.ts';
import { aRequest } from '../contract/requests.ts';
import { HttpApiClient } from '../support/api-clients.ts';
import { auditFiles, auditLines } from '../support/audit-files.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';

const root = mkdtempSync(join(tmpdir(), 'lam-audit-gateway-'));
after(() => rmSync(root, { recursive: true }));

type World = AsyncDisposable & { readonly folder: string; readonly api: HttpApiClient };

async function world(config: Partial<Config> = {}): Promise<World> {
  const folder = mkdtempSync(join(root, 'log-'));
  const gateway: TestGateway = await testGateway({ config: { auditFile: join(folder, 'audit.jsonl'), ...config } });
  const api = new HttpApiClient(gateway);
  return {
    folder,
    api,
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

/** An episode of two steps, one of which fails, that ends well. */
async function runEpisode({ api }: World, sessionId: string): Promise<void> {
  const observe = (id: string) => api.call('PredictAction', aRequest({ session_id: sessionId, request_id: id }));
  const report = (step: number, status: string, error = '') =>
    api.call('ReportOutcome', { session_id: sessionId, step, result_status: status, error });
  expectOk(await observe(`${sessionId}-1`));
  expectOk(await report(1, 'failure', 'it is covered'));
  expectOk(await observe(`${sessionId}-2`));
  expectOk(await report(2, 'success'));
  expectOk(await api.call('EndEpisode', { session_id: sessionId, outcome: 'success', comment: 'well done' }));
}

async function exported(files: readonly string[], ...options: string[]) {
  const out = new PassThrough();
  const chunks: Buffer[] = [];
  out.on('data', (chunk: Buffer) => chunks.push(chunk));
  const errors: string[] = [];
  const code = await runAudit(['export', ...files, ...options], { out, error: (text) => void errors.push(text) });
  const text = Buffer.concat(chunks).toString('utf8');
  const lines = text.split('\n').slice(0, -1);
  return { code, errors: errors.join(''), lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('what operators change is in it, what they tried and failed to change is not', async () => {
  await using w = await world();
  expectOk(await w.api.call('LoadModel', { name: 'fake', version: '2' }));
  expectOk(await w.api.call('SetLabel', { name: 'fake', label: 'canary', version: '2', share: 0.25 }));
  assert.equal((await w.api.call('SetLabel', { name: 'nope', label: 'canary', version: '2' })).ok, false);
  const lines = auditLines(w.folder).filter(({ type }) => type === 'operate');
  assert.deepEqual(
    lines.map(({ rpc, model, version, label, share }) => [rpc, model, version, label, share]),
    [
      ['LoadModel', 'fake', '2', undefined, undefined],
      ['SetLabel', 'fake', '2', 'canary', 0.25],
    ],
  );
});

const paths = (folder: string) => auditFiles(folder).map((name) => join(folder, name));

test('one line per action, outcome and end, with hashes in place of content', async () => {
  await using w = await world();
  await runEpisode(w, 'e');
  const lines = auditLines(w.folder);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ['begin', 'action', 'outcome', 'action', 'outcome', 'end'],
  );
  const [begin, action, outcome] = lines;
  assert.deepEqual([begin?.['format'], begin?.['key'], begin?.['content']], [1, 'random', 'off']);
  assert.deepEqual([action?.['request_id'], action?.['session_id'], action?.['step']], ['e-1', 'e', 1]);
  assert.deepEqual([action?.['model'], action?.['version'], action?.['app']], ['fake', '1', 'WINWORD.EXE']);
  assert.deepEqual(action?.['policy'], { effect: 'allow', rule: '' });
  assert.equal(action?.['latency_ms'], 6.75);
  const { function: name, control_type: type, control } = (action?.['action'] ?? {}) as Record<string, string>;
  assert.deepEqual([name, type], ['click_input', 'Document']);
  assert.match(control ?? '', /^[0-9a-f]{32}$/);
  assert.deepEqual([outcome?.['step'], outcome?.['result_status']], [1, 'failure']);
  const text = paths(w.folder).map((path) => readFileSync(path, 'utf8'));
  for (const content of ['Bold', 'Body', 'title', 'Document1', 'covered', 'well done']) {
    assert.ok(!text.join().includes(content), content);
  }
});

test('an answer that is repeated from memory is one line', async () => {
  await using w = await world();
  const request = aRequest({ request_id: 'same' });
  for (const _ of [1, 2, 3]) expectOk(await w.api.call('PredictAction', request));
  assert.equal(auditLines(w.folder).filter(({ request_id: id }) => id === 'same').length, 1);
});

test('with content, trajectories can be exported, as steps, episodes and records of UFO', async () => {
  await using w = await world({ auditContent: 'on', auditMaxBytes: 2048 });
  await runEpisode(w, 'e');
  expectOk(await w.api.call('PredictAction', aRequest({ request_id: 'alone' })));
  assert.ok(auditFiles(w.folder).length > 1);
  const { code, errors, lines } = await exported(paths(w.folder));
  assert.equal(code, 0);
  assert.match(errors, /3 actions, of those 0 without content; 0 broken lines, 0 missing/);
  assert.deepEqual(
    lines.map(({ request_id: id, reward, result_status: status, error }) => [id, reward, status, error]),
    [
      ['e-1', -1, 'failure', 'it is covered'],
      ['e-2', 1, 'success', ''],
      ['alone', null, 'none', ''],
    ],
  );
  const { state, action } = lines[0] as { state: Record<string, unknown>; action: Record<string, unknown> };
  assert.equal(state['userRequest'], 'make the title bold');
  assert.deepEqual(action['controlName'], 'Body');

  const whole = await exported(paths(w.folder), '--format', 'trajectories');
  assert.deepEqual(
    whole.lines.map(({ session_id: id, outcome, steps }) => [id, outcome, (steps as unknown[]).length]),
    [
      ['e', 'success', 2],
      ['', '', 1],
    ],
  );
  const out = join(w.folder, 'ufo.json');
  assert.equal((await exported(paths(w.folder), '--format', 'ufo', '--out', out)).code, 0);
  const [record] = readFileSync(out, 'utf8').split('\n');
  const { app, execution_result: result, instantiation_result: plan } = JSON.parse(record ?? '');
  assert.deepEqual([app, result.result.complete], ['word', 'yes']);
  const items = plan.prefill.result.instantiated_plan as Record<string, unknown>[];
  assert.deepEqual(
    items.map(({ Step, Function: name, ControlText, Success }) => [Step, name, ControlText, Success]),
    [
      [1, 'click_input', 'Body', false],
      [2, 'click_input', 'Body', true],
    ],
  );
});

test('what cannot be exported is counted and told', async () => {
  await using w = await world();
  expectOk(await w.api.call('PredictAction', aRequest()));
  const [path = ''] = paths(w.folder);
  const damaged = join(w.folder, 'copy');
  const [begin = '', action = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(damaged, `${begin}\n${action.replace('"seq":2', '"seq":5')}\n{"torn`);
  const { errors, lines } = await exported([damaged]);
  assert.deepEqual(lines, []);
  assert.match(errors, /^3 lines, 1 actions, of those 1 without content; 1 broken lines, 3 missing\n$/);
});

test('arguments that make no sense are told', async () => {
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [[], 64, /expected export/],
    [['export'], 64, /at least one file/],
    [['export', 'f', '--format', 'xml'], 64, /--format: expected one of/],
    [['export', '--nonsense'], 64, /nonsense/],
    [['export', join(root, 'no-such-file')], 66, /no-such-file/],
    [['export', import.meta.filename, '--out', join(root, 'no', 'such', 'folder')], 73, /ENOENT/],
    [['--help'], 0, /lam-gateway audit export FILE/],
  ];
  for (const [argv, expected, pattern] of cases) {
    const errors: string[] = [];
    const code = await runAudit(argv, { out: new PassThrough(), error: (text) => void errors.push(text) });
    assert.equal(code, expected, argv.join(' '));
    assert.match(errors.join(''), pattern);
  }
});

async function breakWrites(t: TestContext) {
  const file = await open(join(root, 'any'), 'w');
  await file.close();
  return t.mock.method(Object.getPrototypeOf(file), 'write', () => Promise.reject(new Error('ENOSPC')));
}

test('a line that cannot be written fails the request, which may be repeated', async (t: TestContext) => {
  await using w = await world();
  const full = await breakWrites(t);
  const refused = await w.api.call('PredictAction', aRequest({ request_id: 'r' }));
  assert.ok(!refused.ok);
  assert.equal(refused.code, 'unavailable');
  full.mock.restore();
  expectOk(await w.api.call('PredictAction', aRequest({ request_id: 'r' })));
  assert.equal(auditLines(w.folder).filter(({ request_id: id }) => id === 'r').length, 1);
});

test('if so wished the request goes on without its line, and is counted', async (t: TestContext) => {
  const folder = mkdtempSync(join(root, 'log-'));
  const config = { auditFile: join(folder, 'audit.jsonl'), auditOnError: 'continue' } as const;
  await using gateway = await testGateway({ config });
  await using api = new HttpApiClient(gateway);
  const full = await breakWrites(t);
  expectOk(await api.call('PredictAction', aRequest()));
  full.mock.restore();
  assert.match((await gateway.gateway.metrics()).text, /^lam_gateway_audit_write_failures_total 1$/m);
});

test('hashes can have a key of the operator, which must not be short', async () => {
  const key = join(root, 'key');
  writeFileSync(key, 'short');
  await assert.rejects(world({ auditKeyFile: key }), /at least 16 bytes/);
  writeFileSync(key, 'a key that is long enough');
  await using w = await world({ auditKeyFile: key });
  expectOk(await w.api.call('PredictAction', aRequest()));
  assert.equal(auditLines(w.folder)[0]?.['key'], 'file');
});
