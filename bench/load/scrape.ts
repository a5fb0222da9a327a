/** What the gateway says of itself: its metrics, in Prometheus' text format. */

export type Sample = {
  /** Since the watch began. */
  readonly atSeconds: number;
  readonly rss_bytes: number;
  readonly heap_bytes: number;
  /** Memory of buffers that the heap refers to. */
  readonly external_bytes: number;
  /** Handles and requests that keep the event loop alive. */
  readonly active_resources: number;
  /** Objects of ONNX Runtime, if the gateway counts them. */
  readonly native_handles: number | null;
  /** How late its event loop was since the sample before, 99th percentile: what a refusal waits at least. */
  readonly event_loop_lag_p99_ms: number;
};

const NAMES = {
  rss_bytes: 'lam_gateway_process_resident_memory_bytes',
  heap_bytes: 'lam_gateway_nodejs_heap_size_used_bytes',
  external_bytes: 'lam_gateway_nodejs_external_memory_bytes',
  active_resources: 'lam_gateway_nodejs_active_resources',
  native_handles: 'lam_gateway_native_handles',
  event_loop_lag_p99_seconds: 'lam_gateway_nodejs_eventloop_lag_p99_seconds',
} as const;

/** `http` is the gateway's base URL. Throws if it does not answer or lacks a metric. */
export async function scrape(http: string, atSeconds: number): Promise<Sample> {
  const values = await readMetrics(http);
  const get = (name: string): number => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`/metrics has no ${name}`);
    return value;
  };
  return {
    atSeconds: Math.round(atSeconds * 10) / 10,
    rss_bytes: get(NAMES.rss_bytes),
    heap_bytes: get(NAMES.heap_bytes),
    external_bytes: get(NAMES.external_bytes),
    active_resources: get(NAMES.active_resources),
    native_handles: values.get(NAMES.native_handles) ?? null,
    event_loop_lag_p99_ms: Math.round(get(NAMES.event_loop_lag_p99_seconds) * 1e4) / 10,
  };
}

/** All of them, as {@link parseMetrics} has them. */
export async function readMetrics(http: string): Promise<Map<string, number>> {
  const response = await fetch(`${http}/metrics`);
  if (!response.ok) throw new Error(`GET /metrics: ${response.status}`);
  return parseMetrics(await response.text());
}

/** By metric name; series of one name, whatever their labels, are added up. */
export function parseMetrics(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? (\S+)/.exec(line) ?? [];
    if (name !== undefined) values.set(name, (values.get(name) ?? 0) + Number(value));
  }
  return values;
}

/** Samples every `intervalMs` until it is stopped; `stop` resolves with all of them. */
export function watch(http: string, intervalMs: number): { readonly stop: () => Promise<readonly Sample[]> } {
  const samples: Sample[] = [];
  const startMs = performance.now();
  const stopped = new AbortController();
  const running = (async () => {
    while (!stopped.signal.aborted) {
      samples.push(await scrape(http, (performance.now() - startMs) / 1e3));
      await delay(intervalMs, stopped.signal);
    }
  })();
  // Whoever stops the watch learns of it.
  running.catch(() => {});
  return {
    stop: async () => {
      stopped.abort();
      await running;
      return samples;
    },
  };
}

/** Resolves early when `signal` aborts. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
