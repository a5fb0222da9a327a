/** What a text takes in memory, in bytes, as far as it can be told: a text with any letter that is not ASCII may take two for each. */
export function heapBytes(text: string): number {
  return Buffer.byteLength(text) === text.length ? text.length : 2 * text.length;
}
