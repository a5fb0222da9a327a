/** What a model takes, computed before it is loaded. */
import type { ModelMemory } from '../runtime.ts';
import type { ModelSpec } from './model-spec.ts';
import { DEFAULT_PREFIX_STORE_BYTES, type EngineSettings } from './settings.ts';

export function modelMemory(spec: ModelSpec, settings: EngineSettings): ModelMemory {
  const { weightsBytes, kvBytesPerToken, description } = spec;
  const { name, version, role, contextLength } = description;
  const kvBytes = settings.slots * contextLength * kvBytesPerToken;
  // A reward model computes its prompts whole and keeps nothing of them.
  const prefixStoreBytes = role === 'reward' ? 0 : (settings.prefixStoreBytes ?? DEFAULT_PREFIX_STORE_BYTES);
  return {
    name,
    version,
    weightsBytes,
    kvBytes,
    prefixStoreBytes,
    totalBytes: weightsBytes + kvBytes + prefixStoreBytes,
  };
}
