/** The process as an operator sees it: ready line, signals, exit codes. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { expectOk } from '../contract/api.ts';
import { aRequest } from '../contract/requests.ts';
import { type ApiReply, GrpcApiClient, HttpApiClient } from '../support/api-clients.ts';

const FREE_PORTS = ['--http-port', '0', '--grpc-port', '0'];

/** A running program whose output can be waited for, line by line. */
class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  #waiting: (() => void)[] = [];
  readonly #closed: Promise<unknown>;

  constructor(script: string, args: readonly string[], env: Record<string, string> = {}) {
    const path = join(import.meta.dirname, script);
    this.#child = spawn(process.execPath, [path, ...args], { env: { ...process.env, ...env } });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        for (const wake of this.#waiting.splice(0)) wake();
      });
    }
    this.#closed = once(this.#child, 'close').then(() => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  get output(): string {
    return this.#lines.join('\n');
  }

  /** The first line, of stdout or stderr, that matches. Rejects if the program ends without one. */
  async line(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      for (const line of this.#lines) {
        const match = line.match(pattern);
        if (match !== null) return match;
      }
      if (this.#child.exitCode !== null) throw new Error(`no ${pattern} in:\n${this.output}`);
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  async ready(): Promise<{ readonly http: string; readonly grpc: string }> {
    const [, http = '', grpc = ''] = await this.line(/^lam-gateway ready http=(http:\/\/127\.0\.0\.1:\d+) grpc=(.*)$/);
    return { http, grpc };
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async exitCode(): Promise<number | null> {
    await this.#closed;
    return this.#child.exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}

const heldStart = () => new Program('../support/fake-main.js', FREE_PORTS, { HOLD_START: '1' });
const fake = (...args: string[]) => new Program('../support/fake-main.js', [...FREE_PORTS, ...args]);
test('a second signal during the start ends the process at once', async () => {
  await using program = heldStart();
  await program.line(/^holding$/);
  program.signal('SIGTERM');
  await program.line(/will end when it has started/);
  program.signal('SIGTERM');
  assert.equal(await program.exitCode(), 1);
});

const main = (args: readonly string[], env?: Record<string, string>) =>
  new Program('../../src/server/main.js', args, env);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} during the start: it closes as soon as it has started, exit code 0`, async () => {
    await using program = heldStart();
    await program.line(/^holding$/);
    program.signal(signal);
    await program.line(/will end when it has started/);
    program.signal('SIGUSR2');
    assert.equal(await program.exitCode(), 0);
    assert.match(program.output, /"event":"closed"/);
  });

  test(`${signal}: the request under way is finished, new ones are refused, exit code 0`, async () => {
    await using program = fake();
    const addresses = await program.ready();
    await using http = new HttpApiClient(addresses);
    await using grpc = new GrpcApiClient(addresses);
    const first = http.call('PredictAction', aRequest({ user_request: 'hold' }));
    await program.line(/^holding$/);
    program.signal(signal);
    await program.line(/"event":"draining"/);
    assert.equal((await fetch(`${addresses.http}/readyz`)).status, 503);
    assert.equal(codeOf(await http.call('PredictAction', aRequest())), 'unavailable');
    assert.equal(codeOf(await grpc.call('PredictAction', aRequest())), 'unavailable');
    program.signal('SIGUSR2');
    expectOk(await first);
    assert.equal(await program.exitCode(), 0);
  });
}

test('a request that outlasts the drain is told so, exit code 1', async () => {
  await using program = fake('--drain-timeout-ms', '20');
  await using grpc = new GrpcApiClient(await program.ready());
  const first = grpc.call('PredictAction', aRequest({ user_request: 'hold' }));
  await program.line(/^holding$/);
  program.signal('SIGTERM');
  assert.equal(codeOf(await first), 'unavailable');
  assert.equal(await program.exitCode(), 1);
});

test('a second signal ends the process at once, exit code 1', async () => {
  await using program = fake();
  await using http = new HttpApiClient(await program.ready());
  const first = http.call('PredictAction', aRequest({ user_request: 'hold' })).catch(() => 'cut off');
  await program.line(/^holding$/);
  program.signal('SIGTERM');
  await program.line(/"event":"draining"/);
  program.signal('SIGTERM');
  assert.equal(await program.exitCode(), 1);
  assert.equal(await first, 'cut off');
});

test('SIGHUP puts new labels in force; a file that is not acceptable changes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lam-reload-'));
  try {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify({ labels: ['fake:stable=1@1'] }));
    await using program = fake('--config', file);
    const { http } = await program.ready();
    writeFileSync(file, JSON.stringify({ labels: ['fake:stable=1@0.5'], slots: 3 }));
    program.signal('SIGHUP');
    await program.line(/"event":"restart_needed","keys":\["slots"\]/);
    await program.line(/"event":"reloaded","part":"labels"/);
    const { models } = (await (await fetch(`${http}/v1/models`)).json()) as { models: { labels: object[] }[] };
    assert.deepEqual(models[0]?.labels, [{ label: 'stable', share: 0.5 }]);
    writeFileSync(file, '{');
    program.signal('SIGHUP');
    await program.line(/"event":"reload_failed","part":"config"/);
    const metrics = await (await fetch(`${http}/metrics`)).text();
    assert.match(metrics, /^lam_gateway_reloads_total\{part="config",result="error"\} 1$/m);
    program.signal('SIGTERM');
    assert.equal(await program.exitCode(), 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a label that points at nothing is no start', async () => {
  await using program = fake('--labels', 'other:stable=1@1');
  assert.equal(await program.exitCode(), 1);
  assert.match(program.output, /"event":"start_failed"/);
});

test('a configuration that is not acceptable is told whole, exit code 78', async () => {
  await using program = main(['--http-port', 'many', '--nonsense'], { LAM_GATEWAY_SLOTS: '0' });
  assert.equal(await program.exitCode(), 78);
  for (const problem of ['flag --http-port: expected', 'flag --nonsense: unknown', 'env LAM_GATEWAY_SLOTS: expected']) {
    assert.ok(program.output.includes(problem), program.output);
  }
});

test('a policy that is not acceptable is told with its place, exit code 78', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lam-policy-'));
  const path = join(folder, 'policy.yaml');
  const rule = '{ name: r, effect: perhaps, reason: r, when: { keys: [f1] } }';
  writeFileSync(path, `version: 1\ndefault: allow\nrules:\n  - ${rule}\n`);
  try {
    await using program = fake('--policy-file', path);
    assert.equal(await program.exitCode(), 78);
    const [, told] = program.output.split('lam-gateway: the configuration is not acceptable\n');
    assert.ok(told?.startsWith(`${path}: rules[0].effect (line 4): `), program.output);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a command that does not exist is told with those that do, exit code 64', async () => {
  await using program = main(['sevre', ...FREE_PORTS]);
  assert.equal(await program.exitCode(), 64);
  assert.match(program.output, /no command "sevre"; there is serve, predict, models, check, plan, /);
});

test('serve can be named, and plan is another program', async () => {
  await using served = main(['serve', '--version']);
  await using planned = main(['plan', '--help']);
  assert.equal(await served.exitCode(), 0);
  assert.match(served.output, /^\d+\.\d+\.\d+$/);
  assert.equal(await planned.exitCode(), 0);
  assert.match(planned.output, /lam-gateway plan/);
});

test('the memory that the models take is logged', async () => {
  await using program = fake();
  const [line] = await program.line(/"event":"memory"/);
  assert.ok(line !== undefined && program.output.includes('"max_bytes":0,"total_bytes":0,"models":[]'));
});

test('a directory without models is told, exit code 1', async () => {
  await using program = main([...FREE_PORTS, '--models-dir', join(process.cwd(), 'proto')]);
  assert.equal(await program.exitCode(), 1);
  assert.match(program.output, /"event":"start_failed"/);
});

test('--help lists the commands', async () => {
  await using help = main(['--help']);
  assert.equal(await help.exitCode(), 0);
  for (const name of ['serve', 'predict', 'models', 'check', 'plan', 'keys', 'audit', 'completions']) {
    assert.match(help.output, new RegExp(`^ {2}${name} +\\S`, 'm'));
  }
});

test('--help, --version and --print-config print and exit', async () => {
  await using help = main(['serve', '--help']);
  await using version = main(['--version']);
  await using printed = main(['--print-config', '--slots=3']);
  assert.equal(await help.exitCode(), 0);
  assert.match(help.output, /--http-port VALUE, LAM_GATEWAY_HTTP_PORT, "httpPort"/);
  assert.equal(await version.exitCode(), 0);
  assert.match(version.output, /^\d+\.\d+\.\d+$/);
  assert.equal(await printed.exitCode(), 0);
  const { config, sources } = JSON.parse(printed.output) as Record<string, Record<string, unknown>>;
  assert.equal(config?.['slots'], 3);
  assert.equal(sources?.['slots'], 'flag --slots');
  assert.equal(sources?.['httpPort'], 'default');
});

function codeOf(reply: ApiReply): string {
  return reply.ok ? 'ok' : reply.code;
}
