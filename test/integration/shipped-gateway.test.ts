/** The gateway as users start it, with the shipped models: both protocols, an agent's episode, garbage, a corrupt model, SIGTERM. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isGrounded, runEpisode } from '../../bench/agent/agent.ts';
import { toPredictRequest } from '../../bench/agent/agent-state.ts';
import { GatewayClient } from '../../bench/agent/gateway-client.ts';
import { startGateway } from '../../bench/agent/running-gateway.ts';
import { makeEpisode } from '../../bench/desktop/episodes.ts';
import { fuzz } from '../fuzz/fuzz.ts';

let gateway: Awaited<ReturnType<typeof startGateway>>;
before(async () => {
  gateway = await startGateway();
});
after(async () => {
  await gateway[Symbol.asyncDispose]();
});

/** Runs the server to its end and says how it ended. */
function runServer(args: readonly string[]): Promise<{ readonly code: number | null; readonly log: string }> {
  const child = spawn(process.execPath, ['dist/src/server/main.js', '--http-port=0', '--grpc-port=0', ...args]);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, log })));
}

test('the same state gets the same action over gRPC and HTTP', async () => {
  using client = new GatewayClient(gateway.grpc);
  for (let seed = 1; seed <= 5; seed++) {
    const { request, desktop } = makeEpisode('test', seed * 13);
    const state = { sessionId: '', request, observation: desktop.observe(), history: [] };
    const body = toPredictRequest(state);
    const overGrpc = await client.predictAction(body);
    const overHttp = await fetch(`${gateway.http}/v1/actions:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { action } = (await overHttp.json()) as { action: typeof overGrpc.action };
    const { control_id, control_name, function: name, args, status } = overGrpc.action;
    assert.deepEqual(
      { control_id, control_name, name, args, status },
      {
        control_id: action.control_id,
        control_name: action.control_name,
        name: action.function,
        args: action.args,
        status: action.status,
      },
    );
  }
});

test('an agent finishes a task in the simulated desktop', async () => {
  using client = new GatewayClient(gateway.grpc);
  // Templates go in turn; number 0 is the plainest, and its oracle rejects the document as it is at the start.
  const { request, desktop, isDone } = makeEpisode('test', 0);
  assert.equal(isDone(), false);
  const steps = await runEpisode(client, desktop, { sessionId: 'test', request });
  assert.ok(steps.every(isGrounded));
  assert.ok(isDone(), request);
});

test('200 garbage states over both protocols: an error that is clear, or an action that is grounded', async () => {
  const report = await fuzz({ http: gateway.http, grpc: gateway.grpc, requests: 200, seed: 7, concurrency: 4 });
  assert.deepEqual(report.failures, []);
  const metrics = await (await fetch(`${gateway.http}/metrics`)).text();
  assert.match(metrics, /lam_gateway_slots_in_use\{model="lam-word",version="2"\} 0/);
});

test('a model file with a changed byte stops the start with the name of the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lam-gateway-'));
  try {
    cpSync('models/lam-word', join(folder, 'lam-word'), { recursive: true });
    const path = join(folder, 'lam-word/2/model.onnx');
    const bytes = readFileSync(path);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { code, log } = await runServer(['--models-dir', folder]);
    assert.equal(code, 1);
    assert.match(log, /model\.onnx: its sha256 is/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
