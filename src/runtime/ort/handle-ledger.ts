/**
 * A record of a thread's native handles in shared memory, for the thread that outlives it. A thread that is terminated runs no
 * clean-up, and its session, weights and all, would stay for ever: measured, 25 MiB for a model of 6 MiB.
 */
import { HANDLE_KINDS, type HandleKind, type HandleRecord, releaseFunction } from './handles.ts';
import { loadOrtLibrary } from './library.ts';

/** Far more than a decoder has. The memory is touched, and so taken, only as far as it is used. */
const MAX_HANDLES = 1 << 16;

/** Per handle: its order of creation (from 1; 0: the row is free) times 256 plus its kind, and its address. */
const CELLS_PER_HANDLE = 2;
const KINDS = 256n;

export type SharedLedger = BigInt64Array<SharedArrayBuffer>;

export function createSharedLedger(): SharedLedger {
  const bytes = MAX_HANDLES * CELLS_PER_HANDLE * BigInt64Array.BYTES_PER_ELEMENT;
  return new BigInt64Array(new SharedArrayBuffer(bytes));
}

/** The end that writes, in the thread of the handles. A handle for which there is no row is not recorded. */
export class LedgerWriter implements HandleRecord {
  readonly #cells: SharedLedger;
  readonly #rows = new Map<bigint, number>();
  readonly #freeRows: number[] = [];
  #numUsed = 0;
  #order = 0n;

  constructor(cells: SharedLedger) {
    this.#cells = cells;
  }

  add(kind: HandleKind, address: bigint): void {
    const row = this.#freeRows.pop() ?? this.#numUsed++;
    if (row >= MAX_HANDLES) return;
    this.#order += 1n;
    this.#rows.set(address, row);
    this.#cells[row * CELLS_PER_HANDLE + 1] = address;
    this.#cells[row * CELLS_PER_HANDLE] = this.#order * KINDS + BigInt(HANDLE_KINDS.indexOf(kind));
  }

  /** Called before the release: a thread that ends in between leaves a handle behind, and never one that is released twice. */
  remove(address: bigint): void {
    const row = this.#rows.get(address);
    if (row === undefined) return;
    this.#cells[row * CELLS_PER_HANDLE] = 0n;
    this.#rows.delete(address);
    this.#freeRows.push(row);
  }
}

/**
 * Releases what is recorded, the last created first. Only once the thread has ended, so that none of it is in use.
 * `libraryPath`: as the thread had it. Returns how many handles there were.
 */
export function releaseRecorded(cells: SharedLedger, libraryPath?: string): number {
  const recorded = readRecorded(cells);
  if (recorded.length === 0) return 0;
  const library = loadOrtLibrary(libraryPath);
  for (const { kind, address } of recorded) library.api[releaseFunction(kind)](address);
  for (let at = 0; at < cells.length; at += CELLS_PER_HANDLE) if (cells[at] !== 0n) cells[at] = 0n;
  return recorded.length;
}

type Recorded = { readonly kind: HandleKind; readonly address: bigint };

function readRecorded(cells: SharedLedger): readonly Recorded[] {
  const rows: (Recorded & { readonly order: bigint })[] = [];
  for (let at = 0; at < cells.length; at += CELLS_PER_HANDLE) {
    const head = cells[at] ?? 0n;
    const kind = HANDLE_KINDS[Number(head % KINDS)];
    if (head !== 0n && kind !== undefined) rows.push({ kind, address: cells[at + 1] ?? 0n, order: head / KINDS });
  }
  return rows.sort((a, b) => (a.order < b.order ? 1 : -1));
}
