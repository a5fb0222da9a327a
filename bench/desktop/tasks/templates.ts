/** All task templates. A new one is added to the list of its file. */
import { characterTasks } from './character.ts';
import { fontTasks } from './font.ts';
import { insertionTasks } from './insertion.ts';
import { pageTasks } from './page.ts';
import { paragraphTasks } from './paragraph.ts';
import { reviewTasks } from './review.ts';
import type { Template } from './task.ts';

export const templates: readonly Template[] = [
  ...characterTasks,
  ...fontTasks,
  ...paragraphTasks,
  ...insertionTasks,
  ...pageTasks,
  ...reviewTasks,
];
