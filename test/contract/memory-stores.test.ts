/** The stores in this process. */
import { MemoryEpisodeStore } from '../../src/server/episodes/memory-store.ts';
import { MemoryIdempotencyStore } from '../../src/server/idempotency/memory-store.ts';
import { episodeStoreContract } from './episode-store.ts';
import { idempotencyStoreContract } from './idempotency-store.ts';

const HOUR_MS = 3_600_000;

episodeStoreContract({
  name: 'memory',
  open: async (ttlMs = HOUR_MS) => new MemoryEpisodeStore({ maxBytes: 8 << 20, ttlMs }),
});
idempotencyStoreContract({
  name: 'memory',
  open: async (windowMs = HOUR_MS) => new MemoryIdempotencyStore({ maxBytes: 8 << 20, windowMs }),
});
