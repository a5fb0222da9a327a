/** Requests of two or three parts: each part is a task of its own, drawn from a pool, and they are done in order. */
import { characterTasks } from './character.ts';
import { confirmTasks } from './confirm.ts';
import { designTasks } from './design.ts';
import type { Draw } from './draw.ts';
import { failTasks } from './fail.ts';
import { fileTasks } from './file.ts';
import { fontTasks } from './font.ts';
import { insertionTasks } from './insertion.ts';
import { itemTasks } from './items.ts';
import { noteTasks } from './note.ts';
import { pageTasks } from './page.ts';
import { paragraphTasks } from './paragraph.ts';
import { referenceTasks } from './reference.ts';
import { reviewTasks } from './review.ts';
import { searchTasks } from './search.ts';
import { styleTasks } from './style.ts';
import { tableTasks } from './table.ts';
import type { TaskInstance, TaskPart, Template } from './task.ts';
import { viewTasks } from './view.ts';

const singles = [
  ...[characterTasks, fontTasks, paragraphTasks, styleTasks, tableTasks, pageTasks, designTasks, insertionTasks].flat(),
  ...[
    itemTasks,
    noteTasks,
    referenceTasks,
    searchTasks,
    reviewTasks,
    viewTasks,
    fileTasks,
    confirmTasks,
    failTasks,
  ].flat(),
];

function named(name: string): Template {
  const template = singles.find((candidate) => candidate.name === name);
  if (!template) throw new RangeError(`no template ${name}`);
  return template;
}

/** Templates that parts are drawn from. */
const POOLS = {
  emphasis: ['bold-text', 'italic-text', 'underline-text', 'strikethrough-text'],
  color: ['font-color', 'highlight-text'],
  font: ['font-size', 'font-name'],
  alignment: ['align-text', 'justify-text'],
  list: ['bullet-text', 'number-text'],
  style: ['style-text'],
  paragraph: ['bold-paragraph', 'align-paragraph'],
  page: ['page-orientation', 'page-margins', 'paper-size', 'page-columns'],
  design: ['watermark', 'page-color', 'theme'],
  story: ['header-text', 'footer-text'],
  item: ['insert-shape', 'insert-table', 'blank-page', 'cover-page'],
  note: ['insert-comment', 'insert-bookmark', 'insert-footnote'],
  view: ['toggle-ruler', 'toggle-gridlines', 'toggle-navigation', 'zoom-fit'],
  track: ['track-changes'],
  review: ['accept-changes', 'reject-changes'],
  replace: ['find-and-replace'],
  save: ['save-document'],
  export: ['export-document', 'save-as-format'],
  count: ['count-words', 'count-pages'],
  remove: ['delete-text', 'remove-format'],
  close: ['close-without-saving'],
  send: ['send-document'],
  absent: ['no-changes-to-accept', 'no-comments-to-delete'],
} as const satisfies Record<string, readonly string[]>;
type PoolName = keyof typeof POOLS;

const MAX_TRIES = 200;

/** Draws parts until they do not get in each other's way. */
function drawParts(pools: readonly PoolName[], draw: Draw): readonly TaskPart[] {
  for (let i = 0; i < MAX_TRIES; i++) {
    const parts = pools.map((pool) => {
      const template = named(draw.pick<string>(POOLS[pool]));
      return { template, instance: template.create(draw) };
    });
    if (areApart(parts)) return parts;
  }
  throw new RangeError(`no parts of ${pools.join(', ')} that are apart`);
}

/** Any two templates, one after the other; null if what was drawn gets in each other's way. */
export function drawAnyParts(draw: Draw): readonly [TaskPart, TaskPart] | null {
  const drawPart = (): TaskPart => {
    const template = draw.pick(PLAIN);
    return { template, instance: template.create(draw) };
  };
  const parts = [drawPart(), drawPart()] as const;
  return areApart(parts) ? parts : null;
}

const PLAIN = singles.filter(({ heldOut, family }) => heldOut !== true && family !== 'fail' && family !== 'confirm');

/** No text of one is part of a text of another, and nothing but texts is worked on twice. */
function areApart(parts: readonly TaskPart[]): boolean {
  const withoutTexts = parts.filter(({ instance }) => (instance.plants ?? []).length === 0);
  if (new Set(withoutTexts.map(({ template }) => template)).size < withoutTexts.length) return false;
  const texts = parts.map(({ instance }) => Object.values(instance.slots).map((value) => String(value).toLowerCase()));
  const plants = parts.map(({ instance }) => (instance.plants ?? []).map((plant) => plant.toLowerCase()));
  return plants.every((own, i) =>
    texts.every((others, j) => i === j || own.every((plant) => others.every((text) => !overlap(plant, text)))),
  );
}

const overlap = (a: string, b: string): boolean => a.includes(b) || b.includes(a);

/** One instance out of several: goals in order, each with the number of its part. */
export function composeParts(parts: readonly TaskPart[]): TaskInstance {
  const instances = parts.map(({ instance }) => instance);
  return {
    slots: Object.assign({}, ...instances.map(({ slots }) => slots)),
    plants: instances.flatMap(({ plants = [] }) => plants),
    goals: instances.flatMap(({ goals }, part) => goals.map((goal) => ({ ...goal, part }))),
    start: (desk, random) => {
      for (const { start } of instances) start?.(desk, random);
    },
    expect: (document) => {
      for (const { expect } of instances) expect(document);
    },
    verify: (end) => instances.every(({ verify }) => verify?.(end) !== false),
    end: instances.at(-1)?.end ?? 'FINISH',
    parts,
  };
}

const multiTask = (pools: readonly PoolName[], heldOut = false): Template => ({
  name: `multi-${pools.join('-')}`,
  family: 'multi',
  parts: true,
  train: [],
  test: [],
  heldOut,
  create: (draw) => composeParts(drawParts(pools, draw)),
});

export const multiTasks: readonly Template[] = [
  multiTask(['emphasis', 'save']),
  multiTask(['emphasis', 'emphasis']),
  multiTask(['emphasis', 'color']),
  multiTask(['color', 'alignment']),
  multiTask(['font', 'emphasis']),
  multiTask(['style', 'save']),
  multiTask(['list', 'view']),
  multiTask(['page', 'save']),
  multiTask(['page', 'story']),
  multiTask(['design', 'page']),
  multiTask(['item', 'emphasis']),
  multiTask(['view', 'view']),
  multiTask(['track', 'emphasis']),
  multiTask(['review', 'save']),
  multiTask(['replace', 'save']),
  multiTask(['remove', 'save']),
  multiTask(['count', 'save']),
  multiTask(['emphasis', 'export']),
  multiTask(['paragraph', 'save']),
  multiTask(['emphasis', 'alignment', 'save']),
  multiTask(['view', 'page', 'save']),
  multiTask(['emphasis', 'emphasis', 'emphasis']),
  multiTask(['emphasis', 'close']),
  multiTask(['page', 'send']),
  multiTask(['emphasis', 'absent']),
  multiTask(['color', 'save'], true),
  multiTask(['page', 'view'], true),
  multiTask(['note', 'save'], true),
  multiTask(['story', 'export'], true),
  multiTask(['color', 'close'], true),
  multiTask(['page', 'emphasis', 'save'], true),
];
