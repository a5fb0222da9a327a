/** The one monotonic clock: the same in every thread of the process, unlike `performance.now()`. */

/** Milliseconds since an arbitrary point; never goes back. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
