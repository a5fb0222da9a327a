/**
 * An append-only log of JSON Lines in numbered files. What is appended while a write is under way is written together with
 * the next (group commit), so that one fsync serves as many requests as wait for it.
 */
import { unlink } from 'node:fs/promises';
import type { AuditFsync } from './config-keys.ts';
import { Hasher } from './hashes.ts';
import { acquireLock } from './lock.ts';
import { LogFile } from './log-file.ts';
import { type Found, findEnd, type Recovery, Segments } from './segments.ts';

export type AuditLogOptions = {
  /** Without the number that each file gets. */
  readonly path: string;
  readonly fsync: AuditFsync;
  readonly fsyncIntervalMs: number;
  readonly maxBytes: number;
  /** 0: any. */
  readonly maxAgeMs: number;
  /** 0: all. */
  readonly maxFiles: number;
  /** Of the hashes; undefined: a random one for each file. */
  readonly key?: Uint8Array | undefined;
  /** Fields of the line that begins a file and of the one that a process begins with. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of failures that no `append` reports: of an fsync in the background, of deleting old files. */
  readonly onBackgroundError?: (error: unknown) => void;
};

/** What a line holds besides its number and time; gets the hash function of the file that it goes to. */
export type Compose = (hash: Hasher['hash']) => Readonly<Record<string, unknown>>;

type Waiting = {
  readonly compose: Compose;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export class AuditLog implements AsyncDisposable {
  readonly #options: AuditLogOptions;
  readonly #segments: Segments;
  readonly #release: () => Promise<void>;
  readonly #timer: NodeJS.Timeout | undefined;
  #file: LogFile | undefined;
  /** Number of the latest file. */
  #latest: number;
  /** Number of the latest line. */
  #lines: number;
  /** Lines that could not be written since the last one that was. */
  #lost = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** There is something that no fsync has covered. */
  #isDirty = false;
  #isClosed = false;

  private constructor(options: AuditLogOptions, segments: Segments, { release, latest, lines }: Start) {
    this.#options = options;
    this.#segments = segments;
    this.#release = release;
    this.#latest = latest;
    this.#lines = lines;
    if (options.fsync === 'interval') {
      this.#timer = setInterval(() => void this.#syncInBackground(), options.fsyncIntervalMs);
      this.#timer.unref();
    }
  }

  /** Recovers what an earlier process has left, and goes on behind it. Throws if the files cannot be read or written. */
  static async open(options: AuditLogOptions): Promise<{ readonly log: AuditLog; readonly recovery?: Recovery }> {
    const segments = new Segments(options.path);
    await segments.makeDirectory();
    const release = await acquireLock(segments.beside('.lock'));
    try {
      const found = await findEnd(await segments.list());
      const start = { release, latest: found.last?.number ?? 0, lines: found.lines };
      const log = new AuditLog(options, segments, start);
      await log.#begin(found);
      return { log, ...(found.recovery && { recovery: found.recovery }) };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Resolves when the line counts as written, see `AUDIT_FSYNC`. Rejects if it cannot be written. */
  append(compose: Compose): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('the audit log is closed'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ compose, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Writes what waits, brings all to the disk, and lets another process have the files. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#writing;
    try {
      await this.#finish();
    } finally {
      await this.#release();
    }
  }

  /** Batch after batch, until nothing waits. Never rejects. */
  async #writeAll(): Promise<void> {
    // Whoever appends in the same turn of the event loop shares the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      // Nothing can be taken before there is a file: how many lines it takes depends on its size.
      let batch: readonly Waiting[] = this.#waiting;
      try {
        const file = await this.#fileWithRoom();
        const { taken, lines } = this.#take(file);
        batch = taken;
        await file.write(lines);
        await this.#persist(file);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        if (batch === this.#waiting) this.#waiting = [];
        this.#lost += batch.length;
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = undefined;
  }

  /** As many lines as the file has room for, at least one; the others wait for the next file. */
  #take(file: LogFile): { readonly taken: readonly Waiting[]; readonly lines: Buffer } {
    const lines: Buffer[] = [];
    let { size } = file;
    for (const { compose } of this.#waiting) {
      if (lines.length > 0 && size >= this.#options.maxBytes) break;
      const line = this.#line(compose(file.hasher.hash));
      lines.push(line);
      size += line.length;
    }
    return { taken: this.#waiting.splice(0, lines.length), lines: Buffer.concat(lines) };
  }

  async #persist(file: LogFile): Promise<void> {
    if (this.#options.fsync === 'always') await file.sync();
    else this.#isDirty = true;
  }

  #line(fields: Readonly<Record<string, unknown>>): Buffer {
    const time = new Date(this.#nowMs()).toISOString();
    return Buffer.from(`${JSON.stringify({ seq: ++this.#lines, time, ...fields })}\n`);
  }

  async #fileWithRoom(): Promise<LogFile> {
    if (this.#file?.isBroken) {
      // Closing it may fail as well; recovery or the export will tell what its end is like.
      await this.#file.close().catch(() => {});
      this.#file = undefined;
    }
    if (this.#file !== undefined && this.#isFull(this.#file)) await this.#finish();
    const file = this.#file ?? (await this.#next());
    if (this.#lost > 0) {
      await file.write(this.#line({ type: 'lost', lines: this.#lost }));
      this.#lost = 0;
    }
    return file;
  }

  #isFull({ size, beganMs }: Pick<LogFile, 'size' | 'beganMs'>): boolean {
    const { maxBytes, maxAgeMs } = this.#options;
    return size >= maxBytes || (maxAgeMs > 0 && this.#nowMs() - beganMs >= maxAgeMs);
  }

  /** Goes on in the latest file if it has room, else in a new one. */
  async #begin({ last, size, beganMs, recovery }: Found): Promise<void> {
    if (last === undefined || this.#isFull({ size, beganMs })) {
      await this.#next(recovery);
      return;
    }
    const hasher = new Hasher(this.#options.key);
    this.#file = await LogFile.open({ segment: last, isNew: false, size, beganMs, hasher });
    await this.#file.write(this.#header(hasher, recovery));
    await this.#persist(this.#file);
  }

  async #next(recovery?: Recovery): Promise<LogFile> {
    const segment = this.#segments.at(this.#latest + 1);
    const hasher = new Hasher(this.#options.key);
    const file = await LogFile.open({ segment, isNew: true, size: 0, beganMs: this.#nowMs(), hasher });
    try {
      await file.write(this.#header(hasher, recovery));
      await this.#persist(file);
      if (this.#options.fsync !== 'never') await this.#segments.sync();
    } catch (error) {
      // Nothing is in it, and a disk that stays full must not be littered with empty files.
      await file.close().catch(() => {});
      await unlink(segment.path).catch(() => {});
      throw error;
    }
    this.#latest = segment.number;
    this.#file = file;
    await this.#prune();
    return file;
  }

  #header({ keyId }: Hasher, recovery: Recovery | undefined): Buffer {
    const { about, key } = this.#options;
    return this.#line({
      type: 'begin',
      format: 1,
      ...about,
      key: key === undefined ? 'random' : 'file',
      key_id: keyId,
      ...(recovery && { recovered: { file: recovery.file, torn_bytes: recovery.tornBytes } }),
    });
  }

  async #prune(): Promise<void> {
    const { maxFiles, onBackgroundError } = this.#options;
    if (maxFiles === 0) return;
    try {
      await this.#segments.prune(maxFiles);
    } catch (error) {
      onBackgroundError?.(error);
    }
  }

  /** Ends the file as it should end. Another is begun when there is something to write. */
  async #finish(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    if (this.#options.fsync !== 'never') await file.sync();
    this.#file = undefined;
    this.#isDirty = false;
    await file.close();
  }

  async #syncInBackground(): Promise<void> {
    if (!this.#isDirty || this.#file === undefined) return;
    this.#isDirty = false;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#options.onBackgroundError?.(error);
    }
  }

  #nowMs(): number {
    return (this.#options.now ?? Date.now)();
  }
}

type Start = { readonly release: () => Promise<void>; readonly latest: number; readonly lines: number };
