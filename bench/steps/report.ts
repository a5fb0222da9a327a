/** The results as one HTML page with plots, for people. */
import type { ModelKey } from './contestant.ts';
import { type Bar, distribution, escaped, linePlot, stackedBars } from './plots.ts';
import type { ModelResult, StepsResult } from './results.ts';
import { CLIENTS } from './rounds.ts';
import type { StepClass } from './summary.ts';

const TITLES: Readonly<Record<ModelKey, string>> = {
  shipped: 'The shipped model',
  large: 'A random-weight model of 114 M parameters',
};

const LATER_STEPS = [
  ['all', 'all'],
  ['same_window', 'with the controls of the step before'],
  ['other_window', 'with others: another tab, a dialog'],
] as const;

export function renderReport(result: StepsResult): string {
  const { machine, peak } = result;
  const body = [
    '<h1>PredictAction, engine against engine</h1>',
    `<p>${escaped(`${machine.cpu}, ${machine.cores} cores (${machine.cpu_features.join(', ')}), ${machine.memory_gib} GiB, ${machine.os}, Node ${machine.node}, commit ${machine.commit}, ${result.date}, ${result.rounds} interleaved rounds.`)}</p>`,
    `<p>Measured peaks: ${peak.gemm_f32_gmacs} G multiply-adds/s in float32, ${peak.gemm_int8_gmacs} in 8 bits, ${peak.read_gbytes} GB/s read.</p>`,
    '<h2>Bars</h2>',
    table(
      ['', 'wanted', 'measured', '', ''],
      result.bars.map((bar) => [bar.name, bar.wanted, bar.measured, bar.met ? 'met' : 'MISSED', bar.why ?? '']),
    ),
    '<h2>Ratios, gateway against peer: low, median, high over the rounds</h2>',
    ratioTable(result),
    ...Object.entries(result.models).flatMap(([model, entry]) => modelSection(TITLES[model as ModelKey], entry)),
    '<h2>How it was measured</h2>',
    `<ul>${result.notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`,
  ];
  return page(body.join('\n'));
}

function modelSection(title: string, { engines, floors }: ModelResult): string[] {
  const named = Object.entries(engines);
  const [, gateway] = named.find(([name]) => name === 'gateway') ?? [];
  return [
    `<h2>${escaped(title)}</h2>`,
    linePlot(
      named.map(([name, engine]) => distribution(name, engine.latencies_ms)),
      {
        title: 'Step latency, one client',
        xLabel: 'milliseconds',
        yLabel: '% of steps at most that long',
        xScale: 'log',
      },
    ),
    linePlot(
      named.map(([name, { clients }]) => ({
        name,
        points: CLIENTS.map((n) => [n, clients[n].steps_per_s[1]] as const),
      })),
      { title: 'Throughput', xLabel: 'clients at once', yLabel: 'steps per second', yScale: 'log' },
    ),
    stackedBars(
      named.flatMap(([name, { classes }]) => classes.map((step) => phaseBar(name, step))),
      { title: 'Where the time of a step goes, one client', xLabel: 'milliseconds, mean' },
    ),
    table(
      ['engine', 'clients', 'p50 ms', 'p95 ms', 'p99 ms', 'steps/s', 'steps'],
      named.flatMap(([name, { clients }]) =>
        CLIENTS.map((n) => {
          const load = clients[n];
          return [name, n, load.p50_ms[1], load.p95_ms[1], load.p99_ms[1], load.steps_per_s[1], load.steps];
        }),
      ),
    ),
    table(
      ['engine', 'valid', 'grounded', 'equal to PyTorch', 'tokens generated', 'forced'],
      named.map(([name, engine]) => [
        name,
        engine.valid,
        engine.grounded,
        engine.equal_to_reference,
        engine.generated_tokens,
        engine.forced_tokens,
      ]),
    ),
    '<h3>What later steps of episodes compute of their prompts</h3>',
    table(
      ['engine', 'steps', 'count', 'mean', 'median'],
      named.flatMap(([name, { later_steps: later }]) =>
        LATER_STEPS.map(([key, title]) => {
          const { steps, mean, median } = later[key];
          return [name, title, steps, steps > 0 ? percent(mean) : null, steps > 0 ? percent(median) : null];
        }),
      ),
    ),
    '<h3>The gateway against its floor</h3>',
    table(
      [
        'controls',
        'steps',
        'p50 ms',
        'prefill + decode ms',
        'computed',
        'G multiply-adds',
        'MB moved',
        'floor f32 ms',
        'floor int8 ms',
      ],
      floors.map((floor, i) => {
        const step = gateway?.classes[i];
        const model =
          step === undefined ? null : Math.round(10 * (step.phases_ms.prefill + step.phases_ms.decode)) / 10;
        return [
          floor.size,
          floor.is_first ? 'first' : 'later',
          step?.p50_ms ?? null,
          model,
          step === undefined ? null : `${percent(step.computed_share)} of ${Math.round(step.prompt_tokens)}`,
          Math.round(1e3 * (floor.prefill_gmacs + floor.decode_gmacs)) / 1e3,
          floor.mbytes,
          floor.floor_f32_ms,
          floor.floor_int8_ms,
        ];
      }),
    ),
  ];
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function phaseBar(engine: string, { size, is_first, phases_ms: phases }: StepClass): Bar {
  return {
    name: `${engine}, ${size} ${is_first ? 'first' : 'later'}`,
    parts: (['queue', 'prepare', 'prefill', 'decode', 'rest', 'wire'] as const).map((part) => [part, phases[part]]),
  };
}

function ratioTable({ ratios }: StepsResult): string {
  const rows = Object.entries(ratios).flatMap(([peer, models]) =>
    Object.entries(models).map(([model, ratio]) => [
      peer,
      model,
      ...(['p50_1', 'p99_1', 'steps_per_s_8', 'steps_per_s_16'] as const).map((key) => ratio[key].join(' / ')),
    ]),
  );
  return table(['peer', 'model', 'p50, 1 client', 'p99, 1 client', 'steps/s, 8 clients', 'steps/s, 16 clients'], rows);
}

type Cell = string | number | null;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = (tag: string, row: readonly Cell[]) =>
    row.map((cell) => `<${tag}>${escaped(String(cell ?? ''))}</${tag}>`).join('');
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n')}</table>`;
}

export function page(body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>lam-gateway benchmark</title>
<style>
body { font: 15px/1.45 sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; } th, td { border: 1px solid #ccc; padding: 2px 8px; text-align: left; }
svg { margin: 1em 1em 0 0; }
</style></head>
<body>
${body}
</body></html>
`;
}
