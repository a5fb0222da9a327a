/** A peer engine in a process of its own, so that engines share neither threads, nor heap, nor an event loop. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PeerReply, PeerRequest, PlayRequest } from './messages.ts';

export type PeerName = 'llama_cpp' | 'transformers_js';

const PROGRAMS: Readonly<Record<PeerName, URL>> = {
  llama_cpp: new URL('./llama-cpp.js', import.meta.url),
  transformers_js: new URL('./transformers-js.js', import.meta.url),
};

export class PeerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #name: PeerName;

  /** `packages` is the folder with the peers' node_modules; `threads` is what the engine may compute with. */
  constructor(name: PeerName, packages: string, threads: number) {
    this.#name = name;
    // What the libraries print is no part of the benchmark's output.
    this.#child = fork(fileURLToPath(PROGRAMS[name]), [packages, String(threads)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
  }

  /** What the engine says about itself: versions, settings. */
  async load(modelPath: string, numClients: number): Promise<Readonly<Record<string, unknown>>> {
    const reply = await this.#ask({ type: 'load', modelPath, numClients });
    if (reply.type !== 'loaded') throw new Error(`${this.#name}: expected loaded, got ${reply.type}`);
    return reply.about;
  }

  async play(lanes: PlayRequest['lanes']): Promise<PeerReply & { readonly type: 'played' }> {
    const reply = await this.#ask({ type: 'play', lanes });
    if (reply.type !== 'played') throw new Error(`${this.#name}: expected played, got ${reply.type}`);
    return reply;
  }

  async #ask(request: PeerRequest): Promise<PeerReply> {
    const ended = new AbortController();
    const reply = once(this.#child, 'message', { signal: ended.signal }).then(([message]) => message as PeerReply);
    const exit = once(this.#child, 'exit', { signal: ended.signal }).then(([code, signal]) => {
      throw new Error(`${this.#name}: its process ended (${signal ?? `exit code ${code}`})`);
    });
    this.#child.send(request);
    const message = await Promise.race([reply, exit]).finally(() => {
      // The loser of the race is still listening.
      for (const listening of [reply, exit]) listening.catch(() => {});
      ended.abort();
    });
    if (message.type === 'failed') throw new Error(`${this.#name}: ${message.error}`);
    return message;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await exited;
  }
}
