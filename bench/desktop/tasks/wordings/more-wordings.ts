/** All wordings that training has beyond those beside a template. Patterns as there (see `wording.ts`). */
import type { MoreWordings } from '../task.ts';
import { characterWordings } from './character.ts';
import { confirmWordings } from './confirm.ts';
import { failWordings } from './fail.ts';
import { fileWordings } from './file.ts';
import { fontWordings } from './font.ts';
import { insertionWordings } from './insertion.ts';
import { noteWordings } from './note.ts';
import { pageWordings } from './page.ts';
import { paragraphWordings } from './paragraph.ts';
import { referenceWordings } from './reference.ts';
import { reviewWordings } from './review.ts';
import { searchWordings } from './search.ts';
import { styleWordings } from './style.ts';
import { tableWordings } from './table.ts';
import { viewWordings } from './view.ts';

export const moreWordings: MoreWordings = {
  ...characterWordings,
  ...fontWordings,
  ...paragraphWordings,
  ...styleWordings,
  ...tableWordings,
  ...pageWordings,
  ...insertionWordings,
  ...noteWordings,
  ...referenceWordings,
  ...searchWordings,
  ...reviewWordings,
  ...viewWordings,
  ...fileWordings,
  ...failWordings,
  ...confirmWordings,
};
