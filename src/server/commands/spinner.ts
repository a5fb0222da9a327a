/** One line on a terminal that says what is waited for, after a second, until it is over. Nothing where there is no terminal. */
import { writeSync } from 'node:fs';

const DELAY_MS = 1000;
const FRAME_MS = 100;
const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const CLEAR = '\r\x1b[K';

export type SpinnerOptions = {
  /** What is waited for, now. */
  readonly text: () => string;
  /** Default: whether stderr is a terminal. */
  readonly isTerminal?: boolean;
  /** Default: to stderr. */
  readonly write?: (text: string) => void;
  /** Before the first frame, in milliseconds. Default 1000: nobody needs to be told of less. */
  readonly delayMs?: number;
};

export class Spinner implements Disposable {
  readonly #text: () => string;
  readonly #write: (text: string) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #isDrawn = false;

  constructor({
    text,
    isTerminal = process.stderr.isTTY === true,
    write = writeStderr,
    delayMs = DELAY_MS,
  }: SpinnerOptions) {
    this.#text = text;
    this.#write = write;
    if (!isTerminal) return;
    const startMs = Date.now() + delayMs;
    this.#timer = setInterval(() => {
      if (Date.now() >= startMs) this.#draw();
    }, FRAME_MS);
    // It must not keep a process alive.
    this.#timer.unref();
  }

  /** Makes room for a line of its own, for example of a log; the next frame comes below it. */
  clear(): void {
    if (this.#isDrawn) this.#write(CLEAR);
    this.#isDrawn = false;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const columns = process.stderr.columns ?? 80;
    const line = `${FRAMES[this.#frame++ % FRAMES.length]} ${this.#text()}`;
    // A line that wraps could not be cleared.
    this.#write(`${CLEAR}${line.slice(0, columns - 1)}`);
    this.#isDrawn = true;
  }
}

function writeStderr(text: string): void {
  writeSync(2, text);
}
