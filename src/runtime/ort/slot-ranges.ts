/** Divides the slots of a decode batch into contiguous ranges, because a batch is a sub-range of the KV buffers. Pure. */

/**
 * Writes `[first, count]` for each run of slots with `busy[slot] >= 0` to `ranges`, and returns how many there are. `ranges`
 * has room for `busy.length + 1` numbers, which is enough: two runs have a gap between them.
 */
export function writeSlotRanges(busy: Int32Array, ranges: Int32Array): number {
  let numRanges = 0;
  let count = 0;
  for (let slot = 0; slot <= busy.length; slot++) {
    const isBusy = slot < busy.length && (busy[slot] as number) >= 0;
    if (isBusy) count += 1;
    else if (count > 0) {
      ranges[2 * numRanges] = slot - count;
      ranges[2 * numRanges + 1] = count;
      numRanges += 1;
      count = 0;
    }
  }
  return numRanges;
}
