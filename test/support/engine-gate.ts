/** Holds an engine thread between its steps until the test lets it go on. No clock involved. */

/** Cell of the number of steps that may still be begun; negative: any number. */
const PERMITS = 0;
/** Cell of the number of steps that have come to the gate. */
const ARRIVALS = 1;
const ANY_NUMBER = -1;

export class Gate {
  /** Shared memory: the gate works the same when made anew from it in another thread. */
  readonly cells: Int32Array<SharedArrayBuffer>;

  constructor(cells = new Int32Array(new SharedArrayBuffer(8))) {
    this.cells = cells;
  }

  /** Lets `steps` more steps begin. */
  allow(steps: number): void {
    Atomics.add(this.cells, PERMITS, steps);
    Atomics.notify(this.cells, PERMITS);
  }

  /** Lets every step begin from now on. */
  open(): void {
    Atomics.store(this.cells, PERMITS, ANY_NUMBER);
    Atomics.notify(this.cells, PERMITS);
  }

  /** Blocks the calling thread, which must not be the one of the steps, until that many steps have come to the gate. */
  waitForArrival(count: number): void {
    for (let seen = this.#arrivals(); seen < count; seen = this.#arrivals()) Atomics.wait(this.cells, ARRIVALS, seen);
  }

  #arrivals(): number {
    return Atomics.load(this.cells, ARRIVALS);
  }

  /** Blocks the calling thread until a step may begin. */
  pass(): void {
    Atomics.add(this.cells, ARRIVALS, 1);
    Atomics.notify(this.cells, ARRIVALS);
    while (Atomics.load(this.cells, PERMITS) === 0) Atomics.wait(this.cells, PERMITS, 0);
    if (Atomics.load(this.cells, PERMITS) > 0) Atomics.sub(this.cells, PERMITS, 1);
  }
}
