/** An action that was answered is in the audit log, whenever the process is killed. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuditLog } from '../../src/server/audit/audit-log.ts';
import { aRequest } from '../contract/requests.ts';
import { auditFiles, auditLines } from '../support/audit-files.ts';

const KILLS = 55;
const KILLS_OF_WHOLE_GATEWAYS = 3;
const CLIENTS = 6;
/** Small enough that every process fills several files. */
const MAX_BYTES = 4096;
/** A process is killed after some number of acknowledged lines up to this, from the first one to several rotations later... */
const LONGEST_LIFE_LINES = 60;
/** ... and at some moment after that, in milliseconds: within an fsync or between two. */
const LONGEST_DELAY_MS = 5;

const root = mkdtempSync(join(tmpdir(), 'lam-audit-kill-'));
after(() => rmSync(root, { recursive: true }));

test(`${KILLS} kills of a process that writes, with rotations between them, lose no acknowledged line`, async () => {
  const folder = join(root, 'log');
  const path = join(folder, 'audit.jsonl');
  const acknowledged = new Set<string>();
  let tornBytes = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const child = start('../support/audit-server.js', path, String(MAX_BYTES));
    const port = Number((await firstLine(child, /^\d+$/))[0]);
    await killUnderLoad(child, acknowledged, (id) => post({ port, path: `/${id}` }, ''), `${kill}`);
    tornBytes += await recoverLog(path);
    assertHolds(folder, acknowledged);
  }
  assert.ok(acknowledged.size > 5 * KILLS, `only ${acknowledged.size} lines were acknowledged`);
  assert.ok(auditFiles(folder).length > KILLS / 2, 'there were hardly any rotations');
  const numbers = auditLines(folder).map(({ seq }) => Number(seq));
  for (const [i, seq] of numbers.entries()) assert.equal(seq, i + 1);
  console.log(`${acknowledged.size} acknowledged, ${auditFiles(folder).length} files, ${tornBytes} torn bytes cut off`);
});

test('kills of a whole gateway lose no action that was answered', async () => {
  const folder = join(root, 'gateway');
  const path = join(folder, 'audit.jsonl');
  const acknowledged = new Set<string>();
  for (let kill = 0; kill < KILLS_OF_WHOLE_GATEWAYS; kill++) {
    const settings = ['--http-port=0', '--grpc-port=0', '--log-level=silent', `--audit-file=${path}`];
    const child = start('../support/fake-main.js', ...settings, '--audit-max-bytes=16KiB');
    const [, port] = await firstLine(child, /^lam-gateway ready http=http:\/\/127\.0\.0\.1:(\d+)/);
    const target = { port: Number(port), path: '/v1/actions:predict' };
    const predict = (id: string) => post(target, JSON.stringify(aRequest({ request_id: id })));
    await killUnderLoad(child, acknowledged, predict, `${kill}`);
    await recoverLog(path);
    assertHolds(folder, acknowledged);
  }
  assert.ok(acknowledged.size > KILLS_OF_WHOLE_GATEWAYS);
});

/** Every acknowledged id once; `auditLines` refuses torn lines. */
function assertHolds(folder: string, acknowledged: ReadonlySet<string>): void {
  const counts = new Map<string, number>();
  for (const { request_id: id } of auditLines(folder)) counts.set(String(id), (counts.get(String(id)) ?? 0) + 1);
  for (const id of acknowledged) assert.equal(counts.get(id), 1, id);
}

/** What the next gateway does when it starts. Answers with the number of bytes it has cut off. */
async function recoverLog(path: string): Promise<number> {
  const options = { fsync: 'never', fsyncIntervalMs: 1000, maxBytes: MAX_BYTES, maxAgeMs: 0, maxFiles: 0 } as const;
  const { log, recovery } = await AuditLog.open({ path, ...options, about: {} });
  await log[Symbol.asyncDispose]();
  return recovery?.tornBytes ?? 0;
}

/** Requests with ids of their own from several clients, until the process is killed at some moment after some answer. */
async function killUnderLoad(
  child: ChildProcess,
  acknowledged: Set<string>,
  ...[send, name]: readonly [(id: string) => Promise<boolean>, string]
): Promise<void> {
  const closed = once(child, 'close');
  let answersLeft = 1 + Math.floor(Math.random() * LONGEST_LIFE_LINES);
  let isOldEnough = () => {};
  const oldEnough = new Promise<void>((resolve) => {
    isOldEnough = resolve;
  });
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let i = 0; ; i++) {
      const id = `${name}-${client}-${i}`;
      if (!(await send(id))) return;
      acknowledged.add(id);
      if (--answersLeft === 0) isOldEnough();
    }
  });
  await Promise.race([oldEnough, closed]);
  await sleep(Math.random() * LONGEST_DELAY_MS);
  child.kill('SIGKILL');
  await Promise.all([...clients, closed]);
}

function start(script: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(child: ChildProcess, pattern: RegExp): Promise<RegExpMatchArray> {
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    const match = line.match(pattern);
    if (match !== null) return match;
  }
  throw new Error(`the process ended without a line like ${pattern}`);
}

type Target = { readonly port: number; readonly path: string };

/** True if it was answered with 200, wholly; false if the process was gone before. */
function post({ port, path }: Target, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.complete && response.statusCode === 200));
      response.on('error', () => resolve(false));
    });
    sent.on('error', () => resolve(false));
    sent.end(body);
  });
}
