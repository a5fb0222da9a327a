/** A real Redis server on a free port of this machine, for one test file. `npm test` says where the program is. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export class RedisServer implements AsyncDisposable {
  readonly #port: number;
  readonly #args: readonly string[];
  #process: ChildProcess;

  private constructor(port: number, args: readonly string[], process: ChildProcess) {
    this.#port = port;
    this.#args = args;
    this.#process = process;
  }

  /** Resolves when it takes connections. Nothing is written to disk. */
  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const port = await freePort();
    return new RedisServer(port, args, await launch(port, args));
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** It takes connections and answers nothing. */
  pause(): void {
    this.#process.kill('SIGSTOP');
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  /** As if the machine had gone: what was stored is lost. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  /** After {@link kill}: an empty server in the same place. */
  async restart(): Promise<void> {
    this.#process = await launch(this.#port, this.#args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

async function launch(port: number, args: readonly string[]): Promise<ChildProcess> {
  const { LAM_REDIS_SERVER: program, LAM_TOOL_LIBRARIES: libraries = '' } = process.env;
  assert.ok(program, 'LAM_REDIS_SERVER is not set: run the tests by npm test');
  const options = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--appendonly', 'no', ...args];
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const child = spawn(program, options, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('Ready to accept connections')) {
      // Otherwise it would block once its pipe is full.
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`redis-server did not start:\n${lines.join('\n')}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
