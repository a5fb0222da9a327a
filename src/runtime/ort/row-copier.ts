/**
 * Copies rows of memory on a device: a graph of two operators that the session's execution provider computes. ONNX Runtime's C API
 * has a function for copies (`CopyTensors`), but that serves plug-in providers only, and would need a call for every run of
 * rows; this needs one for any number of rows.
 */
import { invariant } from '../errors.ts';
import type { Environment } from './environment.ts';
import type { NativeHandle } from './handles.ts';
import { writeGraph } from './onnx-writer.ts';
import { ResourceStack } from './resource-stack.ts';
import { RunOptions } from './run-options.ts';
import { Session } from './session.ts';
import type { SessionConfig } from './session-options.ts';
import { type NativeRange, Tensor } from './tensor.ts';

/** Rows are moved as numbers of this type: providers have their kernels for it, and what the bits mean matters to none. */
const TYPE = 'int32';
const BYTES = 4;

/** Any from 13 on has these operators as they are used here. */
const OPSET = 18;

export type RowCopierOptions = {
  /** A multiple of 4. */
  readonly rowBytes: number;
  /** The CPU's. */
  readonly hostMemoryInfo: NativeHandle;
  /** With the execution provider whose memory it is. */
  readonly session: SessionConfig;
};

/** Memory of the device, made of whole rows; or a typed array of the host, which is copied there and, as the target, back. */
export type RowMemory = { readonly range: NativeRange; readonly memoryInfo: bigint } | { readonly values: Int32Array };

export class RowCopier implements Disposable {
  readonly rowBytes: number;
  readonly #session: Session;
  readonly #hostMemoryInfo: NativeHandle;
  readonly #runOptions: RunOptions;
  readonly #resources: ResourceStack;

  constructor(environment: Environment, { rowBytes, hostMemoryInfo, session }: RowCopierOptions) {
    invariant(rowBytes > 0 && rowBytes % BYTES === 0, `rows of ${rowBytes} bytes cannot be copied on a device`);
    this.rowBytes = rowBytes;
    this.#hostMemoryInfo = hostMemoryInfo;
    using resources = new ResourceStack();
    this.#session = resources.use(new Session(environment, copyGraph(rowBytes / BYTES), session));
    this.#runOptions = resources.use(new RunOptions(environment.library));
    this.#resources = resources.move();
  }

  /** Row `from[i]` of `source` becomes row `to[i]` of `target`, as if all were read before any is written. */
  copy(source: RowMemory, target: RowMemory, { from, to }: { from: BigInt64Array; to: BigInt64Array }): void {
    invariant(from.length === to.length && from.length > 0, 'as many rows are read as are written, and some');
    using resources = new ResourceStack();
    const binding = resources.use(this.#session.createBinding());
    const rows = (memory: RowMemory) => resources.use(this.#rows(memory));
    const indices = (data: BigInt64Array, ...shape: number[]) =>
      resources.use(new Tensor(this.#session.library, this.#hostMemoryInfo, { data, shape }));
    const written = rows(target);
    binding.bindInput('source', rows(source));
    binding.bindInput('from', indices(from, from.length));
    binding.bindInput('target', written);
    binding.bindInput('to', indices(to, to.length, 1));
    // In place: ScatterND copies what it does not write only if its output is elsewhere.
    binding.bindOutput('result', written);
    this.#session.run(binding, this.#runOptions);
  }

  #rows(memory: RowMemory): Tensor {
    const { library } = this.#session;
    const data = 'values' in memory ? memory.values : memory.range;
    const memoryInfo = 'values' in memory ? this.#hostMemoryInfo : { address: memory.memoryInfo };
    const shape = [data.byteLength / this.rowBytes, this.rowBytes / BYTES];
    return new Tensor(library, memoryInfo, { data, shape, type: TYPE });
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

function copyGraph(width: number): Uint8Array {
  return writeGraph({
    opset: OPSET,
    nodes: [
      { operator: 'Gather', inputs: ['source', 'from'], outputs: ['rows'] },
      { operator: 'ScatterND', inputs: ['target', 'to', 'rows'], outputs: ['result'] },
    ],
    inputs: [
      { name: 'source', type: TYPE, shape: ['source_rows', width] },
      { name: 'from', type: 'int64', shape: ['count'] },
      { name: 'target', type: TYPE, shape: ['target_rows', width] },
      { name: 'to', type: 'int64', shape: ['count', 1] },
    ],
    outputs: [{ name: 'result', type: TYPE, shape: ['target_rows', width] }],
  });
}
