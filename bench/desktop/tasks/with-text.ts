/** Expected edits of one text, made on the document itself. */
import type { WordDocument } from '../document.ts';
import { selectText } from '../editing.ts';

/** Edits the document with `text` selected. */
export const withText = (document: WordDocument, text: string, edit: (document: WordDocument) => void): void => {
  const { selection } = document;
  selectText(document, text);
  edit(document);
  document.selection = selection;
};
