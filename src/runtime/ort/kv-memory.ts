/** Chooses where KV is: on the device that the graph computes attention on, if its memory can be divided, else in the host's. */
import { type DecoderConfig, kvNames } from '../decoder-config.ts';
import { DeviceMemory } from './device-memory.ts';
import type { Environment } from './environment.ts';
import type { NativeHandle } from './handles.ts';
import { HostMemory } from './host-memory.ts';
import type { ResourceStack } from './resource-stack.ts';
import { RowCopier } from './row-copier.ts';
import type { Session } from './session.ts';
import type { SessionConfig } from './session-options.ts';
import { ELEMENT_BYTES, type ElementType } from './tensor.ts';
import type { TensorMemory } from './tensor-memory.ts';

export type KvPlace = 'host' | 'device';

export type KvMemoryOptions = {
  readonly environment: Environment;
  readonly session: Session;
  /** As the session was made; the copies are a graph of their own for the same provider. */
  readonly sessionConfig: SessionConfig;
  readonly config: DecoderConfig;
  readonly kvType: ElementType;
  /** The CPU's. */
  readonly hostMemoryInfo: NativeHandle;
  /** Default: as the graph's execution provider has it. */
  readonly place?: KvPlace;
};

/** Whose memory has addresses that a slot's place can be added to. WebGPU's and DirectML's consists of objects. */
const ADDRESSABLE_MEMORIES: readonly string[] = ['Cuda'];

/** `resources` takes ownership of what must be released. */
export function createKvMemory(options: KvMemoryOptions, resources: ResourceStack): TensorMemory {
  const { environment, session, sessionConfig, config, kvType, hostMemoryInfo } = options;
  const { address, name, isHost } = session.inputMemory(kvNames(config)[0]?.past ?? '');
  const place = options.place ?? (!isHost && ADDRESSABLE_MEMORIES.includes(name) ? 'device' : 'host');
  if (place === 'host') return new HostMemory(session.library, hostMemoryInfo);
  const rowBytes = config.headDim * ELEMENT_BYTES[kvType];
  const copier = resources.use(new RowCopier(environment, { rowBytes, hostMemoryInfo, session: sessionConfig }));
  return resources.use(new DeviceMemory({ session, memoryInfo: address, copier }));
}
