/** The files of an audit log: `audit.jsonl` is written as audit.000001.jsonl, audit.000002.jsonl, ... in one directory. */
import { mkdir, open, readdir, truncate, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';

const DIGITS = 6;
const NEWLINE = 0x0a;
const CHUNK_BYTES = 1 << 16;

export type Segment = { readonly number: number; readonly path: string };

export class Segments {
  readonly directory: string;
  readonly #stem: string;
  readonly #extension: string;

  /** `path` as it is configured, without a number. */
  constructor(path: string) {
    const absolute = resolve(path);
    this.directory = dirname(absolute);
    this.#extension = extname(absolute);
    this.#stem = basename(absolute, this.#extension);
  }

  at(number: number): Segment {
    const digits = String(number).padStart(DIGITS, '0');
    return { number, path: join(this.directory, `${this.#stem}.${digits}${this.#extension}`) };
  }

  /** Path of a file beside the segments. */
  beside(extension: string): string {
    return join(this.directory, `${this.#stem}${extension}`);
  }

  async makeDirectory(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
  }

  /** Oldest first. */
  async list(): Promise<readonly Segment[]> {
    const prefix = `${this.#stem}.`;
    const numbers = (await readdir(this.directory)).flatMap((name) => {
      if (!name.startsWith(prefix) || !name.endsWith(this.#extension)) return [];
      const digits = name.slice(prefix.length, name.length - this.#extension.length);
      return /^\d{6,12}$/.test(digits) ? [Number(digits)] : [];
    });
    return numbers.sort((a, b) => a - b).map((number) => this.at(number));
  }

  /** Makes it certain that a new file's name, not only its content, is on the disk. */
  async sync(): Promise<void> {
    // Windows has no handles of directories, and writes their entries at once.
    if (process.platform === 'win32') return;
    const directory = await open(this.directory, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  /** Deletes all but the latest `keep`. */
  async prune(keep: number): Promise<void> {
    const segments = await this.list();
    for (const { path } of segments.slice(0, Math.max(0, segments.length - keep))) await unlink(path);
  }
}

/** What a process that did not end well has left behind. */
export type Recovery = { readonly file: string; readonly tornBytes: number };

export type Found = {
  /** The latest file; undefined: there is none. */
  readonly last: Segment | undefined;
  /** Of that file, up to the end of its last whole line. */
  readonly size: number;
  /** When its first line was written, in milliseconds since 1970. */
  readonly beganMs: number;
  /** Number of the latest line. */
  readonly lines: number;
  /** Undefined: there was nothing to mend. */
  readonly recovery: Recovery | undefined;
};

/**
 * Where to go on. Cuts off what is behind the last whole line: a line that was being written when the process or the machine
 * stopped. Only the latest file can have one; the others were finished before the next was begun.
 */
export async function findEnd(segments: readonly Segment[]): Promise<Found> {
  const last = segments.at(-1);
  if (last === undefined) return { last, size: 0, beganMs: 0, lines: 0, recovery: undefined };
  const { end, fileSize, firstLine, lastLine } = await readEnds(last.path);
  if (end < fileSize) await truncate(last.path, end);
  const before = lastLine === '' ? segments.at(-2) : undefined;
  const { seq } = readPosition(before === undefined ? lastLine : (await readEnds(before.path)).lastLine);
  const recovery = end < fileSize ? { file: last.path, tornBytes: fileSize - end } : undefined;
  return { last, size: end, beganMs: readPosition(firstLine).timeMs, lines: seq, recovery };
}

type Ends = {
  readonly fileSize: number;
  /** Position behind the last whole line. */
  readonly end: number;
  /** Empty if there is no whole line. */
  readonly firstLine: string;
  readonly lastLine: string;
};

async function readEnds(path: string): Promise<Ends> {
  const file = await open(path, 'r');
  try {
    const { size: fileSize } = await file.stat();
    const { end, line } = await findLastLine(file, fileSize);
    const firstChunk = await readRange(file, 0, Math.min(end, CHUNK_BYTES));
    const firstLine = firstChunk.subarray(0, Math.max(0, firstChunk.indexOf(NEWLINE))).toString('utf8');
    return { fileSize, end, firstLine, lastLine: line };
  } finally {
    await file.close();
  }
}

function readPosition(line: string): { readonly seq: number; readonly timeMs: number } {
  const record = parseRecord(line);
  const timeMs = Date.parse(String(record?.['time']));
  const seq = Number(record?.['seq']);
  return { seq: Number.isInteger(seq) ? seq : 0, timeMs: Number.isNaN(timeMs) ? 0 : timeMs };
}

type Readable = Awaited<ReturnType<typeof open>>;

/** A line is whole if it ends and is a JSON object; after a loss of power there may be several that are not. */
async function findLastLine(file: Readable, size: number): Promise<{ readonly end: number; readonly line: string }> {
  let end = (await findNewline(file, size)) + 1;
  while (end > 0) {
    const start = (await findNewline(file, end - 1)) + 1;
    const line = (await readRange(file, start, end - 1)).toString('utf8');
    if (parseRecord(line) !== undefined) return { end, line };
    end = start;
  }
  return { end: 0, line: '' };
}

/** Position of the last newline before `end`, or -1. */
async function findNewline(file: Readable, end: number): Promise<number> {
  for (let chunkEnd = end; chunkEnd > 0; ) {
    const chunkStart = Math.max(0, chunkEnd - CHUNK_BYTES);
    const at = (await readRange(file, chunkStart, chunkEnd)).lastIndexOf(NEWLINE);
    if (at >= 0) return chunkStart + at;
    chunkEnd = chunkStart;
  }
  return -1;
}

async function readRange(file: Readable, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** A line of an audit log; undefined if it is none. */
export function parseRecord(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // That it does not parse is the answer.
    return undefined;
  }
}
