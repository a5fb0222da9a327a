/** Where a command writes to; tests take both apart. */
export type CommandStreams = { readonly out: (text: string) => void; readonly error: (text: string) => void };

export const PROCESS_STREAMS: CommandStreams = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};

/** EX_USAGE, EX_NOINPUT and EX_CONFIG of sysexits.h. */
export const EXIT_USAGE = 64;
export const EXIT_INPUT = 66;
export const EXIT_CONFIG = 78;
