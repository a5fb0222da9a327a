/** What of a document can be seen on its page: runs with their formatting, and where the selection is. */
import type { Desk } from './desk.ts';
import type { CharFormat, ParagraphFormat } from './document.ts';
import { selectedParagraphs } from './editing.ts';

export type ShownRun = { readonly text: string; readonly format: CharFormat; readonly isSelected: boolean };
export type ShownParagraph = {
  readonly runs: readonly ShownRun[];
  readonly format: ParagraphFormat;
  /** In front of the first line, for lists. */
  readonly bullet: string;
};

export function shownDocument(desk: Desk): readonly ShownParagraph[] {
  const { document } = desk;
  const { selection } = document;
  const selected = new Set(selectedParagraphs(document));
  let number = 0;
  return document.paragraphs.map(({ runs, format }, index) => {
    number = format.list === 'numbering' ? number + 1 : 0;
    const bullet = { none: '', bullets: '•', numbering: `${number}.` }[format.list];
    const span = selection.type === 'text' ? { start: selection.start, end: selection.end } : WHOLE;
    const inSelection = selected.has(index) ? span : NOWHERE;
    return { runs: runs.flatMap(cutAt(inSelection)), format, bullet };
  });
}

type Span = { readonly start: number; readonly end: number };
const WHOLE: Span = { start: 0, end: Number.POSITIVE_INFINITY };
const NOWHERE: Span = { start: 0, end: 0 };

/** Cuts the runs of one paragraph at the ends of the selection; called for its runs in order. */
function cutAt({ start, end }: Span): (run: { text: string; format: CharFormat }) => ShownRun[] {
  let position = 0;
  return ({ text, format }) => {
    const from = Math.min(Math.max(start - position, 0), text.length);
    const to = Math.min(Math.max(end - position, 0), text.length);
    position += text.length;
    const parts: ShownRun[] = [
      { text: text.slice(0, from), format, isSelected: false },
      { text: text.slice(from, Math.max(from, to)), format, isSelected: true },
      { text: text.slice(Math.max(from, to)), format, isSelected: false },
    ];
    return parts.filter((part) => part.text !== '');
  };
}
