/** All task templates. A new one is added to the list of its family's file. */
import { characterTasks } from './character.ts';
import { confirmTasks } from './confirm.ts';
import { designTasks } from './design.ts';
import type { Split } from './draw.ts';
import { failTasks } from './fail.ts';
import { fileTasks } from './file.ts';
import { fontTasks } from './font.ts';
import { insertionTasks } from './insertion.ts';
import { itemTasks } from './items.ts';
import { multiTasks } from './multi.ts';
import { noteTasks } from './note.ts';
import { pageTasks } from './page.ts';
import { paragraphTasks } from './paragraph.ts';
import { referenceTasks } from './reference.ts';
import { reviewTasks } from './review.ts';
import { searchTasks } from './search.ts';
import { styleTasks } from './style.ts';
import { tableTasks } from './table.ts';
import type { Template } from './task.ts';
import { viewTasks } from './view.ts';

export const allTemplates: readonly Template[] = [
  ...[characterTasks, fontTasks, paragraphTasks, styleTasks, tableTasks, pageTasks, designTasks].flat(),
  ...[insertionTasks, itemTasks, noteTasks, referenceTasks, searchTasks, reviewTasks, viewTasks, fileTasks].flat(),
  ...[multiTasks, failTasks, confirmTasks].flat(),
];

/** Those of the train and the test split. */
export const templates: readonly Template[] = allTemplates.filter(({ heldOut }) => heldOut !== true);
/** Those that are never trained on. */
export const heldOutTemplates: readonly Template[] = allTemplates.filter(({ heldOut }) => heldOut === true);

export const templatesOfSplit = (split: Split): readonly Template[] =>
  split === 'held-out' ? heldOutTemplates : templates;
