/** As much of DER (X.690) as certificates need. */

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
};

export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...length(body.byteLength)]), body]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => element(TAG.sequence, ...items);
export const set = (...items: readonly Buffer[]): Buffer => element(TAG.set, ...items);
export const octetString = (bytes: Buffer): Buffer => element(TAG.octetString, bytes);
export const utf8 = (text: string): Buffer => element(TAG.utf8, Buffer.from(text));
export const bitString = (bytes: Buffer): Buffer => element(TAG.bitString, Buffer.from([0]), bytes);
export const isTrue = (): Buffer => element(0x01, Buffer.from([0xff]));
/** From 0 to 127. */
export const smallInteger = (value: number): Buffer => element(TAG.integer, Buffer.from([value]));

export function utcTime(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return element(TAG.utcTime, Buffer.from(`${digits}Z`));
}

/** `1.2.840.10045.4.3.2` */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return element(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function length(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}
