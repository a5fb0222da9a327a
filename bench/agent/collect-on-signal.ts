/**
 * Loaded into a gateway ahead of it (`node --expose-gc --import`): SIGUSR2 collects all garbage, so that what the heap holds next is
 * what is still referred to. A heap with room is collected so rarely that even its lowest values are mostly garbage.
 */
process.on('SIGUSR2', () => globalThis.gc?.());
