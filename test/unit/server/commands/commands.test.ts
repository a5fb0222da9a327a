/** The commands that need no gateway, or a fake one: what they print, and their exit codes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { splitArguments } from '../../../../src/server/commands/arguments.ts';
import { runCheck } from '../../../../src/server/commands/check.ts';
import { runDocs } from '../../../../src/server/commands/docs.ts';
import { runModels } from '../../../../src/server/commands/models.ts';
import { runPredict } from '../../../../src/server/commands/predict.ts';
import { Spinner } from '../../../../src/server/commands/spinner.ts';
import { aRequest } from '../../../contract/requests.ts';
import { captured, withFolder } from '../../../support/command-streams.ts';
import { FakeRuntime } from '../../../support/fake-runtime.ts';
import { otlpReceiver } from '../../../support/otlp-receiver.ts';
import { testGateway } from '../../../support/test-gateway.ts';

const FREE_PORTS = ['--http-port=0', '--grpc-port=0'];

test('options of a command and keys of the configuration are told apart', () => {
  const { flags, values, positional, config } = splitArguments(
    ['a.json', '--json', '--url=http://h', '--slots', '3', '--threads=2', '--key-file', 'k', 'b'],
    { flags: ['json'], values: ['url', 'key-file'] },
  );
  assert.deepEqual([...flags], ['json']);
  assert.deepEqual(
    [...values],
    [
      ['url', 'http://h'],
      ['key-file', 'k'],
    ],
  );
  assert.deepEqual(positional, ['a.json', 'b']);
  assert.deepEqual(config, ['--slots', '3', '--threads=2']);
  assert.throws(() => splitArguments(['--url'], { flags: [], values: ['url'] }), /--url: a value is missing/);
});

test('predict asks a running gateway and prints a table, or JSON', () =>
  withFolder(async (folder) => {
    await using gateway = await testGateway();
    const file = join(folder, 'state.json');
    writeFileSync(file, JSON.stringify(aRequest()));
    const table = captured();
    assert.equal(await runPredict({ argv: [file, '--url', gateway.http], env: {}, streams: table.streams }), 0);
    assert.match(table.printed.out, /^control {3}".*" \(id .*\) +12\.3 %$/m);
    assert.match(table.printed.out, /^time +total 6\.8 ms \(render 1\.3 ms, queue 0\.5 ms, prefill 2\.0 ms/m);
    const json = captured();
    assert.equal(
      await runPredict({ argv: [file, '--json', '--url', gateway.http], env: {}, streams: json.streams }),
      0,
    );
    assert.equal(JSON.parse(json.printed.out).model, 'fake');
  }));

test('predict asks in this process, and needs no credential for it', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'state.json');
    writeFileSync(file, JSON.stringify(aRequest()));
    const runtime = new FakeRuntime();
    const { printed, streams } = captured();
    assert.equal(await runPredict({ argv: [file, '--json', '--slots', '3'], env: {}, streams, runtime }), 0);
    assert.equal(JSON.parse(printed.out).version, '1');
    assert.ok(runtime.disposed);
  }));

test('predict says what is wrong with its arguments, its file, the configuration, the gateway', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'state.json');
    writeFileSync(file, '{"user_request": ""}');
    const run = async (...argv: string[]) => {
      const { printed, streams } = captured();
      return [await runPredict({ argv, env: {}, streams, runtime: new FakeRuntime() }), printed.error] as const;
    };
    const cases: readonly (readonly [argv: readonly string[], code: number, text: RegExp])[] = [
      [[], 64, /FILE: expected one file/],
      [[file, '--url', 'ftp://x'], 64, /--url: expected http/],
      [[join(folder, 'none.json')], 66, /none\.json: ENOENT/],
      [[file, '--slots', 'many'], 78, /flag --slots: expected/],
      [[file], 1, /user_request: required/],
      [[file, '--url', 'http://127.0.0.1:1'], 1, /http:\/\/127\.0\.0\.1:1 cannot be reached/],
    ];
    for (const [argv, code, text] of cases) {
      const [found, error] = await run(...argv);
      assert.equal(found, code, error);
      assert.match(error, text);
    }
  }));

test('models lists folders with their checksums, and says which is broken', async () => {
  const good = captured();
  assert.equal(await runModels({ argv: [], env: {}, streams: good.streams }), 0);
  assert.match(good.printed.out, /^lam-word:\d+ +action +compact .* \d+ ok$/m);
  await withFolder(async (folder) => {
    const { printed, streams } = captured();
    assert.equal(await runModels({ argv: ['--models-dir', folder], env: {}, streams }), 1);
    assert.match(printed.error, /holds no model folder/);
  });
});

test('models lists what a running gateway has loaded', async () => {
  await using gateway = await testGateway();
  const { printed, streams } = captured();
  assert.equal(await runModels({ argv: ['--url', gateway.http], env: {}, streams }), 0);
  assert.match(printed.out, /^fake:1 +action +compact +1024 +stable 100 % +ready$/m);
});

test('check finds nothing wrong with the defaults', async () => {
  const { printed, streams } = captured();
  assert.equal(await runCheck({ argv: FREE_PORTS, env: {}, streams }), 0, printed.out);
  assert.match(printed.out, /^ok {7}model lam-word:\d+: action model, .* \d+ checksums ok$/m);
  assert.match(printed.out, /^ok {7}provider cpu: in ONNX Runtime \d/m);
});

test('check names everything that would not work, and what to do', async () => {
  await using busy = await listener();
  const argv = ['--http-port', String(busy.port), '--grpc-port=0', '--policy-file=/none.yaml'];
  const more = [
    '--default-model=none',
    '--labels=lam-word:x=999',
    '--max-memory-bytes=1MiB',
    '--execution-providers=abacus',
  ];
  const { printed, streams } = captured();
  assert.equal(await runCheck({ argv: [...argv, ...more, '--json'], env: {}, streams }), 1);
  const findings = JSON.parse(printed.out) as { result: string; subject: string; text: string }[];
  const failures = findings
    .filter(({ result }) => result === 'failed')
    .map(({ subject, text }) => `${subject}: ${text}`);
  for (const expected of [
    /^defaultModel: no action model none; there is lam-word/,
    /^labels: lam-word:x=999: there is no sound folder/,
    /^memory: .* more than maxMemoryBytes \(1 MiB\); lower slots/,
    /^provider abacus: .*known are cpu/,
    /^policyFile: \/none\.yaml: ENOENT/,
    /^httpPort: .*EADDRINUSE.*; stop what listens there, or set httpPort/,
  ]) {
    assert.ok(
      failures.some((failure) => expected.test(failure)),
      `${expected} in\n${failures.join('\n')}`,
    );
  }
  assert.equal(failures.length, 6);
});

test('check tells every problem of a configuration that is not acceptable', async () => {
  const { printed, streams } = captured();
  assert.equal(await runCheck({ argv: ['--slots=0', '--nonsense', '1'], env: {}, streams }), 1);
  assert.match(printed.out, /^FAILED {3}configuration: flag --slots: expected/m);
  assert.match(printed.out, /^FAILED {3}configuration: flag --nonsense: unknown/m);
});

/** What is not ok, as `subject: text`. */
async function findings(...argv: string[]): Promise<readonly string[]> {
  const { printed, streams } = captured();
  await runCheck({ argv: [...FREE_PORTS, ...argv, '--json'], env: {}, streams });
  const all = JSON.parse(printed.out) as { result: string; subject: string; text: string }[];
  return all.filter(({ result }) => result !== 'ok').map(({ subject, text }) => `${subject}: ${text}`);
}

test('check says of each file and service by itself what is wrong with it', async () => {
  await using collector = await otlpReceiver(401);
  const found = await findings(
    '--slots=0',
    '--access-file=/no-callers.yaml',
    ...['--jwt-jwks=/no-keys.json', '--jwt-issuer=i', '--jwt-audience=a'],
    ...['--episode-store=redis', '--redis-url=redis://me@127.0.0.1:9'],
    `--otlp-endpoint=${collector.url}`,
  );
  for (const [i, expected] of [
    /^configuration: flag --slots: expected/,
    /^accessFile: access file \/no-callers\.yaml: ENOENT/,
    /^jwtJwks: \/no-keys\.json: ENOENT/,
    /^redisUrl: redis:\/\/\*\*\*@127\.0\.0\.1:9: connect ECONNREFUSED/,
    /^otlpEndpoint: .* answers 401 to traces/,
  ].entries()) {
    assert.match(found[i] ?? '', expected);
  }
  assert.equal(found.length, 5);
  assert.deepEqual(
    collector.requests.map(({ path }) => path),
    ['/v1/traces'],
  );
});

test('check finds that another gateway writes the audit log, and leaves a free one as it was', () =>
  withFolder(async (folder) => {
    const argument = `--audit-file=${join(folder, 'audit.jsonl')}`;
    assert.deepEqual(await findings(argument), []);
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(await findings(`--audit-file=${join(folder, 'to', 'be', 'made.jsonl')}`), []);
    const module = new URL('../../../../src/server/audit/lock.js', import.meta.url);
    const hold = `import { acquireLock } from ${JSON.stringify(module.href)};
      await acquireLock(${JSON.stringify(join(folder, 'audit.lock'))});
      console.log('held');
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', hold], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const found = await findings(argument);
    other.kill();
    await once(other, 'exit');
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', new RegExp(`^auditFile: the audit log is being written by process ${other.pid};`));
  }));

test('check loads the libraries of an execution provider', async () => {
  const libraries = readdirSync('node_modules/onnxruntime-node/bin', { recursive: true }).join();
  const found = (await findings('--execution-providers=cuda')).join();
  // With them, it is for the machine to say.
  assert.match(found, libraries.includes('providers_cuda') ? /^$|^provider cuda: / : /^provider cuda: .*install its/);
});

test('docs prints references, and refuses others', () => {
  const { printed, streams } = captured();
  assert.equal(runDocs(['metrics'], streams), 0);
  assert.match(printed.out, /^# Metrics/);
  assert.equal(runDocs(['novel'], streams), 64);
});

test('a spinner draws on a terminal, makes room for other lines, and leaves nothing behind', async () => {
  const written: string[] = [];
  let onDrawn = () => {};
  const drawn = new Promise<void>((resolve) => (onDrawn = resolve));
  const write = (text: string) => {
    written.push(text);
    if (text.includes('loading')) onDrawn();
  };
  const spinner = new Spinner({ text: () => 'loading', isTerminal: true, delayMs: 0, write });
  // The timer of a spinner keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  await drawn;
  clearInterval(alive);
  spinner.clear();
  assert.equal(written.at(-1), '\r\x1b[K');
  spinner[Symbol.dispose]();
  using silent = new Spinner({ text: () => 'x', isTerminal: false, write: () => assert.fail('it wrote') });
  silent.clear();
});

async function listener(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  };
}
