/** Fills the figures of docs/models.md: from the model folders, and from what the report has measured. */
import { dataTable } from './data-table.ts';
import { type Lam, modelOf, readLam } from './folders.ts';
import { type Cell, grouped, one, table, withInterval } from './markdown.ts';
import { PHASES, preferred, REWARD_MODEL, REWARDED, type Results } from './results.ts';

/** The blocks of the card that are made here, each between `<!-- figures: NAME -->` and `<!-- end -->`. */
export const BLOCKS = ['folders', 'training', 'data', 'evaluation'] as const;
type Block = (typeof BLOCKS)[number];

const NOTHING = '_Not measured yet._';

/** The card with all blocks made anew. Throws if one is missing. */
export function updateModelCard(card: string, results: Results, modelsDir: string): string {
  const lams = [...PHASES.map(modelOf), REWARD_MODEL].flatMap((model) => readLam(modelsDir, model) ?? []);
  const contents: Readonly<Record<Block, string>> = {
    folders: lams.length === 0 ? NOTHING : foldersTable(lams),
    training: lams.length === 0 ? NOTHING : trainingTable(lams),
    data: dataTable(results.records) ?? NOTHING,
    evaluation: evaluationTable(results) ?? NOTHING,
  };
  return BLOCKS.reduce((text, block) => {
    const place = new RegExp(`(<!-- figures: ${block} -->\\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`the model card has no place for ${block}`);
    return text.replace(place, (_, start: string, end: string) => `${start}${contents[block]}\n${end}`);
  }, card);
}

const nameOf = ({ name, version }: Lam): string => `\`${name}/${version}\``;

function foldersTable(lams: readonly Lam[]): string {
  const mib = (lam: Lam): number => Object.values(lam.files).reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
  const rows = lams.map((lam): Cell[] => [
    nameOf(lam),
    lam.role,
    lam.parameters === undefined ? null : grouped(lam.parameters),
    grouped(lam.context_length),
    `${lam.quantization.bits} bits, blocks of ${lam.quantization.block_size}`,
    lam.quantization.max_logit_error,
    one(mib(lam)),
    lam.license,
  ]);
  const total = lams.reduce((sum, lam) => sum + mib(lam), 0);
  const head = ['folder', 'role', 'parameters', 'context', 'weights', 'largest error of an output', 'MiB', 'licence'];
  return table(head, [...rows, ['together', null, null, null, null, null, one(total), null]]);
}

function trainingTable(lams: readonly Lam[]): string {
  const rows = lams.map((lam): Cell[] => {
    const { training, device, command } = lam.provenance ?? {};
    return [
      nameOf(lam),
      training?.tokens ? `${one(training.tokens / 1e6)} M` : null,
      training?.hours?.toFixed(2),
      device,
      command && `\`${command}\``,
    ];
  });
  return table(['folder', 'tokens', 'hours', 'device', 'command'], rows, 5);
}

/** Null if nothing is measured. */
function evaluationTable(results: Results): string | null {
  const { plans, steps, online, best_of_4: best, reward } = results;
  const rows: Cell[][] = PHASES.flatMap((phase): Cell[][] => {
    const [offline, played, of4] = [steps?.[phase]?.result, online?.[phase]?.result, best?.[phase]?.result];
    if (offline === undefined && played === undefined) return [];
    const tsr = (figures: NonNullable<typeof played>['test'] | null | undefined) =>
      figures ? withInterval(figures.all.tsr, figures.all.tsr_interval) : null;
    return [
      [
        `LAM${phase}`,
        one(offline?.test.all.ssr),
        one(offline?.test.all.tsr),
        tsr(played?.test),
        tsr(of4?.test),
        tsr(played?.held_out),
      ],
    ];
  });
  if (rows.length === 0) return null;
  const plan = plans?.['1']?.result.test.all;
  const scored = preferred(reward, REWARDED);
  const sentences = [
    ...(plan
      ? [
          `LAM1's plans: ${withInterval(plan.tsr, plan.tsr_interval)} % of tasks done by carrying them out, step precision ${one(plan.step_precision)}, recall ${one(plan.step_recall)}.`,
        ]
      : []),
    ...(scored
      ? [
          `Reward model: area under the curve ${scored.result.auc_by_step?.toFixed(3) ?? '–'} for right against wrong steps.`,
        ]
      : []),
  ];
  const head = ['', 'SSR', 'TSR offline', 'TSR online', 'online, best of 4', 'online, held-out templates'];
  return [table(head, rows), ...(sentences.length > 0 ? ['', sentences.join(' ')] : [])].join('\n');
}
