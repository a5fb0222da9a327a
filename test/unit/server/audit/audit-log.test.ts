import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { AuditLog, type AuditLogOptions } from '../../../../src/server/audit/audit-log.ts';
import { auditFiles, auditLines } from '../../../support/audit-files.ts';

const root = mkdtempSync(join(tmpdir(), 'lam-audit-'));
after(() => rmSync(root, { recursive: true }));

function aFolder(): string {
  return mkdtempSync(join(root, 'log-'));
}

async function openLog(folder: string, options: Partial<AuditLogOptions> = {}) {
  return AuditLog.open({
    path: join(folder, 'audit.jsonl'),
    fsync: 'always',
    fsyncIntervalMs: 10,
    maxBytes: 1 << 20,
    maxAgeMs: 0,
    maxFiles: 0,
    about: { gateway: 'test' },
    ...options,
  });
}

const line = (id: number) => () => ({ type: 'action', id });
const ids = (folder: string) => auditLines(folder).flatMap(({ id }) => (id === undefined ? [] : [id]));
const types = (folder: string) => auditLines(folder).map(({ type }) => type);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Methods of file handles are shared by all of them. */
async function handleMethods(): Promise<FileHandle> {
  const file = await open(join(root, 'any'), 'w');
  await file.close();
  return Object.getPrototypeOf(file) as FileHandle;
}

function assertNumbered(folder: string): void {
  const lines = auditLines(folder);
  assert.deepEqual(
    lines.map(({ seq }) => seq),
    range(lines.length).map((i) => i + 1),
  );
}

test('lines are numbered and timed, and go on where the last process stopped', async () => {
  const folder = aFolder();
  for (const start of [0, 2]) {
    const { log, recovery } = await openLog(folder, { now: () => 0 });
    await log.append(line(start));
    await log.append(line(start + 1));
    await log[Symbol.asyncDispose]();
    assert.equal(recovery, undefined);
  }
  assert.deepEqual(auditFiles(folder), ['audit.000001.jsonl']);
  assert.deepEqual(types(folder), ['begin', 'action', 'action', 'begin', 'action', 'action']);
  assert.deepEqual(ids(folder), [0, 1, 2, 3]);
  assertNumbered(folder);
  assert.equal(auditLines(folder)[0]?.['time'], '1970-01-01T00:00:00.000Z');
});

test('lines that come together share an fsync', async (t: TestContext) => {
  const folder = aFolder();
  const { log } = await openLog(folder);
  const datasync = t.mock.method(await handleMethods(), 'datasync');
  await Promise.all(range(200).map((i) => log.append(line(i))));
  assert.equal(datasync.mock.callCount(), 1);
  await log[Symbol.asyncDispose]();
  assert.deepEqual(ids(folder), range(200));
});

test('a file that is full is followed by the next; the oldest are deleted if so wished', async () => {
  const folder = aFolder();
  const { log } = await openLog(folder, { maxBytes: 1024 });
  await Promise.all(range(100).map((i) => log.append(line(i))));
  await log[Symbol.asyncDispose]();
  assert.ok(auditFiles(folder).length > 5);
  assert.deepEqual(ids(folder), range(100));
  assertNumbered(folder);
  for (const name of auditFiles(folder)) assert.ok(readFileSync(join(folder, name)).length < 1200, name);

  const again = await openLog(folder, { maxBytes: 1024, maxFiles: 3 });
  for (const i of range(30)) await again.log.append(line(100 + i));
  await again.log[Symbol.asyncDispose]();
  assert.equal(auditFiles(folder).length, 3);
  assert.equal(ids(folder).at(-1), 129);
});

test('a file that is old is followed by the next, also after a restart', async () => {
  const folder = aFolder();
  let nowMs = 0;
  const { log } = await openLog(folder, { maxAgeMs: 1000, now: () => nowMs });
  await log.append(line(0));
  nowMs = 999;
  await log.append(line(1));
  nowMs = 1000;
  await log.append(line(2));
  await log[Symbol.asyncDispose]();
  assert.equal(auditFiles(folder).length, 2);
  nowMs = 1999;
  await (await openLog(folder, { maxAgeMs: 1000, now: () => nowMs })).log[Symbol.asyncDispose]();
  assert.equal(auditFiles(folder).length, 2);
  nowMs = 2000;
  await (await openLog(folder, { maxAgeMs: 1000, now: () => nowMs })).log[Symbol.asyncDispose]();
  assert.equal(auditFiles(folder).length, 3);
});

test('whatever is behind the last whole line is cut off and reported', async () => {
  const tails = ['{"seq":3,"id":9', '\0\0\0\0', '{"seq":3}\n\0\0\n{"se'.slice(10), 'x'.repeat(100_000), '\n', '17\n'];
  for (const tail of tails) {
    const folder = aFolder();
    const first = await openLog(folder);
    await first.log.append(line(1));
    await first.log[Symbol.asyncDispose]();
    const path = join(folder, 'audit.000001.jsonl');
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, tail);
    const { log, recovery } = await openLog(folder);
    await log.append(line(2));
    await log[Symbol.asyncDispose]();
    assert.deepEqual(recovery, { file: path, tornBytes: tail.length }, JSON.stringify(tail.slice(0, 20)));
    assert.ok(readFileSync(path, 'utf8').startsWith(whole));
    assert.deepEqual(ids(folder), [1, 2]);
    assertNumbered(folder);
    assert.deepEqual(auditLines(folder)[2]?.['recovered'], { file: path, torn_bytes: tail.length });
  }
});

test('a file that was begun but has no line yet is gone on with', async () => {
  const folder = aFolder();
  await (await openLog(folder)).log[Symbol.asyncDispose]();
  writeFileSync(join(folder, 'audit.000002.jsonl'), '');
  const { log } = await openLog(folder);
  await log.append(line(1));
  await log[Symbol.asyncDispose]();
  assert.deepEqual(auditFiles(folder), ['audit.000001.jsonl', 'audit.000002.jsonl']);
  assertNumbered(folder);
});

test('a write that fails half-way is taken back, and the file says how many lines are missing', async (t: TestContext) => {
  const folder = aFolder();
  const { log } = await openLog(folder);
  await log.append(line(0));
  const methods = await handleMethods();
  const write = methods.write;
  const full = t.mock.method(methods, 'write', async function (this: FileHandle, bytes: Buffer) {
    await Reflect.apply(write, this, [bytes, 0, 10]);
    throw new Error('ENOSPC');
  });
  const failed = await Promise.allSettled([log.append(line(1)), log.append(line(2))]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  await assert.rejects(log.append(line(3)), /ENOSPC/);
  full.mock.restore();
  await log.append(line(4));
  await log[Symbol.asyncDispose]();
  assert.deepEqual(auditFiles(folder).length, 1);
  assert.deepEqual(ids(folder), [0, 4]);
  assert.deepEqual(types(folder), ['begin', 'action', 'lost', 'action']);
  assert.equal(auditLines(folder)[2]?.['lines'], 3);
});

test('after an fsync that failed, nothing is acknowledged in that file any more', async (t: TestContext) => {
  const folder = aFolder();
  const { log } = await openLog(folder);
  const broken = t.mock.method(await handleMethods(), 'datasync', () => Promise.reject(new Error('EIO')));
  await assert.rejects(log.append(line(1)), /EIO/);
  broken.mock.restore();
  await log.append(line(2));
  await log[Symbol.asyncDispose]();
  assert.equal(auditFiles(folder).length, 2);
  assert.deepEqual(ids(folder).at(-1), 2);
  assert.ok(types(folder).includes('lost'));
});

test('a file that cannot be begun leaves nothing behind', async (t: TestContext) => {
  const folder = aFolder();
  const { log } = await openLog(folder, { maxBytes: 1024 });
  while (auditFiles(folder).length < 2) await log.append(line(0));
  for (const _ of range(10)) await log.append(line(0));
  const before = auditFiles(folder).length;
  const full = t.mock.method(await handleMethods(), 'write', () => Promise.reject(new Error('ENOSPC')));
  for (const _ of range(20)) await assert.rejects(log.append(line(1)), /ENOSPC/);
  assert.equal(auditFiles(folder).length, before);
  full.mock.restore();
  await log.append(line(2));
  await log[Symbol.asyncDispose]();
  assert.equal(ids(folder).at(-1), 2);
});

test('by interval, lines are acknowledged at once and reach the disk a little later', async (t: TestContext) => {
  const folder = aFolder();
  const methods = await handleMethods();
  const { log } = await openLog(folder, { fsync: 'interval' });
  const datasync = methods.datasync;
  const synced = new Promise<void>((resolve) => {
    t.mock.method(methods, 'datasync', async function (this: FileHandle) {
      await Reflect.apply(datasync, this, []);
      resolve();
    });
  });
  await log.append(line(1));
  // The log's own timer keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  await synced;
  clearInterval(alive);
  await log[Symbol.asyncDispose]();
  assert.deepEqual(ids(folder), [1]);
});

test('only one process writes a log; one that was killed does not stand in the way', async () => {
  const folder = aFolder();
  const lock = join(folder, 'audit.lock');
  for (const stale of ['999999999 1', `${process.pid} 1`, '', 'nonsense']) {
    writeFileSync(lock, stale);
    await (await openLog(folder)).log[Symbol.asyncDispose]();
  }
  const { pid } = process;
  const { log } = await openLog(folder);
  const held = readFileSync(lock, 'utf8');
  assert.match(held, new RegExp(`^${pid}\\b`));
  await log[Symbol.asyncDispose]();
  // The parent runs this test, and lives.
  const stat = process.platform === 'linux' ? readFileSync(`/proc/${process.ppid}/stat`, 'utf8') : '';
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  writeFileSync(lock, start === undefined ? `${process.ppid}` : `${process.ppid} ${start}`);
  await assert.rejects(openLog(folder), new RegExp(`written by process ${process.ppid}`));
});

test('a closed log takes no more lines, and closing it again changes nothing', async () => {
  const folder = aFolder();
  const { log } = await openLog(folder, { fsync: 'never' });
  const last = log.append(line(1));
  await log[Symbol.asyncDispose]();
  await last;
  await log[Symbol.asyncDispose]();
  await assert.rejects(log.append(line(2)), /closed/);
  assert.deepEqual(ids(folder), [1]);
});
