/** Segments: what prompts and answers are made of. Each is tokenized alone, so no token ever spans two of them. */

/** A special token by name, e.g. `<|task|>`, or a text, in which nothing is special whatever it looks like. */
export type Segment = { readonly special: string } | { readonly text: string };

export const special = (name: string): Segment => ({ special: name });
export const text = (value: string): Segment => ({ text: value });

/** The form used in training data: a special token as it is, a text behind `=`. */
export function segmentToString(segment: Segment): string {
  return 'special' in segment ? segment.special : `=${segment.text}`;
}

/** At most `limit` UTF-16 units of `value`, never ending in half of a surrogate pair. */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const last = value.charCodeAt(limit - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
