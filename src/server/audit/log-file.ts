/** One file of the audit log while it is written. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Hasher } from './hashes.ts';
import type { Segment } from './segments.ts';

export type LogFileOptions = {
  readonly segment: Segment;
  /** Made by this call; throws if it exists. */
  readonly isNew: boolean;
  /** Bytes in it. */
  readonly size: number;
  /** When its first line was written, in milliseconds since 1970. */
  readonly beganMs: number;
  readonly hasher: Hasher;
};

export class LogFile {
  readonly path: string;
  readonly beganMs: number;
  readonly hasher: Hasher;
  readonly #file: FileHandle;
  #size: number;
  #isBroken = false;

  private constructor(file: FileHandle, { segment, size, beganMs, hasher }: LogFileOptions) {
    this.path = segment.path;
    this.beganMs = beganMs;
    this.hasher = hasher;
    this.#file = file;
    this.#size = size;
  }

  static async open(options: LogFileOptions): Promise<LogFile> {
    return new LogFile(await open(options.segment.path, options.isNew ? 'ax' : 'a'), options);
  }

  get size(): number {
    return this.#size;
  }

  /** Nobody knows what is in it any more: not to be written on. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Appends whole lines. What is written of them when it throws is taken back, lest the next line be glued to a torn one. */
  async write(lines: Buffer): Promise<void> {
    try {
      for (let done = 0; done < lines.length; ) {
        const { bytesWritten } = await this.#file.write(lines, done, lines.length - done);
        done += bytesWritten;
      }
      this.#size += lines.length;
    } catch (error) {
      await this.#file.truncate(this.#size).catch(() => {
        this.#isBroken = true;
      });
      throw error;
    }
  }

  /** Resolves when all that was written is on the disk. When it throws, that cannot be found out, by another try either. */
  async sync(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
