/** What arXiv 2412.10047 (version 2) reports, to set beside ours. Percent and seconds. */

/** Table 1. */
export const PAPER_DATA: Readonly<Record<'lam1' | 'lam2' | 'lam3' | 'reward' | 'lam4', string>> = {
  lam1: '76,672 task-plan pairs (29,182 collected, 47,490 evolved)',
  lam2: '2,192 successful trajectories of GPT-4o',
  lam3: '2,688 (those, and 496 successes of LAM2 on 2,284 failed tasks)',
  reward: '4,476 trajectories',
  lam4: '1,788 failed trajectories',
};

type Row = readonly [name: string, ...values: (number | null)[]];

/** Table 2: task success, step precision, step recall. */
export const PAPER_PLANS: readonly Row[] = [
  ['LAM1 (7 B)', 82.2, 54.7, 55.7],
  ['GPT-4o', 84.5, 28.2, 66.1],
];

/** Table 3: object, operation, status, step success, task success; 435 tasks, offline. */
export const PAPER_STEPS: readonly Row[] = [
  ['LAM1', 39.4, 59.9, 32.7, 33.0, 35.6],
  ['LAM2', 85.6, 97.3, 97.8, 83.6, 76.8],
  ['LAM3', 87.4, 97.7, 98.2, 85.9, 79.3],
  ['LAM4', 87.8, 97.7, 99.0, 86.2, 81.2],
  ['GPT-4o, text', 73.2, 94.2, 52.1, 68.8, 67.2],
];

/** Table 4: task success, seconds per task, steps, seconds per step; 435 tasks, online. */
export const PAPER_ONLINE: readonly Row[] = [
  ['LAM', 71.0, 30.42, 5.62, 5.41],
  ['GPT-4o, text', 63.0, 86.42, 6.73, 12.84],
  ['GPT-4o, with screenshots', 75.5, 96.48, 4.98, 19.36],
];
