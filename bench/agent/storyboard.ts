/** One SVG of a whole episode: the window at each step, with the chosen control marked, one below the other. */
import { renderPicture } from '../desktop/picture.ts';
import type { Step } from './agent.ts';
import { describeAction } from './describe.ts';

const GAP = 24;

/** A step, and what the document said when it was taken. */
export type Scene = { readonly step: Step; readonly documentText: string };

export function renderStoryboard(request: string, scenes: readonly Scene[]): string {
  const panels = scenes.map(({ step, documentText }, i) =>
    renderPicture(step.observation, {
      highlightId: step.answer.action.control_id,
      documentText,
      caption: `Step ${i + 1}: ${describeAction(step.answer.action)}   (${request})`,
    }),
  );
  const sizes = panels.map(sizeOf);
  const width = Math.max(0, ...sizes.map((size) => size.width));
  let top = 0;
  const placed = panels.map((panel, i) => {
    const { width: panelWidth = 0, height = 0 } = sizes[i] ?? {};
    const y = top;
    top += height + GAP;
    return panel.replace('<svg ', `<svg x="0" y="${y}" width="${panelWidth}" height="${height}" `);
  });
  const height = Math.max(0, top - GAP);
  return [`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`, ...placed, '</svg>', ''].join(
    '\n',
  );
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}
