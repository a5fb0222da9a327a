/** The results of the load test as one HTML page, for people. */
import type { Machine } from '../steps/machine.ts';
import { escaped, linePlot } from '../steps/plots.ts';
import { page, table } from '../steps/report.ts';
import type { Knee } from './knee.ts';
import type { Overload } from './overload.ts';

export type LoadResult = {
  readonly date: string;
  readonly machine: Machine;
  /** Of the gateway, beyond the defaults. */
  readonly settings: string;
  readonly knee: Knee;
  readonly overload: Overload | null;
};

export function renderLoadReport({ date, machine, settings, knee, overload }: LoadResult): string {
  const runs = [...knee.runs].sort((a, b) => a.per_second - b.per_second);
  const line = (name: string, value: (run: (typeof runs)[number]) => number | null) => ({
    name,
    points: runs.flatMap((run): (readonly [number, number])[] => {
      const y = value(run);
      return y === null ? [] : [[run.per_second, y]];
    }),
  });
  const at = knee.knee;
  const body = [
    '<h1>PredictAction under open-loop load</h1>',
    `<p>${escaped(`${machine.cpu}, ${machine.cores} cores, ${machine.memory_gib} GiB, ${machine.os}, Node ${machine.node}, commit ${machine.commit}, ${date}. Gateway settings: ${settings || 'defaults'}.`)}</p>`,
    `<p>Requests arrive by a Poisson process and do not wait for one another; latency counts from the planned arrival. Unloaded p50 ${knee.unloaded_p50_ms} ms; sixteen clients in a closed loop ${knee.closed_loop_per_second} steps/s. ${at === undefined ? 'No rate was sustainable.' : `The knee is at ${at.per_second} requests/s with p99 ${at.p99_ms} ms.`}</p>`,
    linePlot([line('p50', (run) => run.p50_ms), line('p99', (run) => run.p99_ms)], {
      title: 'Latency of accepted requests',
      xLabel: 'requests per second offered',
      yLabel: 'milliseconds',
      yScale: 'log',
    }),
    linePlot([line('answered', (run) => run.ok_per_second), line('refused', (run) => run.refused / run.seconds)], {
      title: 'Answered and refused',
      xLabel: 'requests per second offered',
      yLabel: 'per second',
    }),
    table(
      [
        'offered/s',
        'answered/s',
        'refused',
        'failed',
        'p50 ms',
        'p95 ms',
        'p99 ms',
        'refusal p99 ms',
        'client lag p99 ms',
      ],
      runs.map((run) => [
        run.per_second,
        run.ok_per_second,
        run.refused,
        JSON.stringify(run.failed),
        run.p50_ms,
        run.p95_ms,
        run.p99_ms,
        run.refused_p99_ms,
        run.client_lag_p99_ms,
      ]),
    ),
    ...(overload === null ? [] : overloadSection(overload)),
  ];
  return page(body.join('\n'));
}

function overloadSection({ during, samples, checks }: Overload): string[] {
  return [
    `<h2>${during.per_second} requests per second for ${during.seconds} s</h2>`,
    table(
      ['', 'wanted', 'measured', ''],
      checks.map((check) => [check.name, check.wanted, check.measured, check.met ? 'met' : 'MISSED']),
    ),
    linePlot([{ name: 'resident', points: samples.map((sample) => [sample.atSeconds, sample.rss_bytes / 2 ** 20]) }], {
      title: 'Memory of the gateway',
      xLabel: 'seconds',
      yLabel: 'MiB',
    }),
  ];
}
