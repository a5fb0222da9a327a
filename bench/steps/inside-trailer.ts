/** Milliseconds for which the gateway had a request, in the answer's trailers; only where `server-clock.ts` is loaded. */
export const INSIDE_TRAILER = 'inside-ms';

/** What to load into a gateway for that: `node --import`. */
export const SERVER_CLOCK = new URL('./server-clock.js', import.meta.url).href;
