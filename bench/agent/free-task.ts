/** A window for a task given in words: what the words quote is written into the document, as a user would have it there. */
import { WordDesktop } from '../desktop/desktop.ts';
import { Random } from '../desktop/random.ts';
import { createDesk } from '../desktop/scenery.ts';

/** The texts between quotation marks; an apostrophe within a word opens none. */
export function quotedTexts(request: string): string[] {
  const matches = request.matchAll(/(?<!\w)(?:'([^']+)'|"([^"]+)")(?!\w)/g);
  return [...new Set([...matches].map((match) => match[1] ?? match[2] ?? ''))];
}

export function desktopFor(request: string, seed: number): WordDesktop {
  return new WordDesktop(createDesk(new Random(seed), quotedTexts(request)));
}
