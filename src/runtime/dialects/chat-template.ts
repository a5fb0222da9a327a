/**
 * Wraps a prompt in the chat format that an instruction model was tuned on. Templates are programs in Jinja; of those, the common
 * families are known here by their special tokens, and any other model is given plain text.
 */
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import { type Segment, special, text } from './segment.ts';

/** What surrounds the two parts of a prompt, instructions and question; behind `end` the answer begins. */
export type ChatFrame = {
  readonly begin: readonly Segment[];
  readonly middle: readonly Segment[];
  readonly end: readonly Segment[];
};

type ChatFamily = ChatFrame & {
  /** A model is of the family if its template names this ... */
  readonly marker: string;
  /** ... and its tokenizer has these as special tokens. */
  readonly specials: readonly string[];
};

const chatMl = (role: string): Segment[] => [special('<|im_start|>'), text(`${role}\n`)];
const llama3 = (role: string): Segment[] => [
  special('<|start_header_id|>'),
  text(role),
  special('<|end_header_id|>'),
  text('\n\n'),
];
const phi3 = (role: string): Segment[] => [special(`<|${role}|>`), text('\n')];

const FAMILIES: readonly ChatFamily[] = [
  {
    // Qwen and many others.
    marker: '<|im_start|>',
    specials: ['<|im_start|>', '<|im_end|>'],
    begin: chatMl('system'),
    middle: [special('<|im_end|>'), text('\n'), ...chatMl('user')],
    end: [special('<|im_end|>'), text('\n'), ...chatMl('assistant')],
  },
  {
    marker: '<|start_header_id|>',
    specials: ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    begin: llama3('system'),
    middle: [special('<|eot_id|>'), ...llama3('user')],
    end: [special('<|eot_id|>'), ...llama3('assistant')],
  },
  {
    // Mistral from its third tokenizer on. It knows no system message: instructions stand in front of the question.
    marker: '[INST]',
    specials: ['[INST]', '[/INST]'],
    begin: [special('[INST]')],
    middle: [text('\n\n')],
    end: [special('[/INST]')],
  },
  {
    // Mistral before, and Llama 2, where the marks are plain text.
    marker: '[INST]',
    specials: [],
    begin: [text('[INST] ')],
    middle: [text('\n\n')],
    end: [text(' [/INST]')],
  },
  {
    marker: '<|user|>',
    specials: ['<|system|>', '<|user|>', '<|assistant|>', '<|end|>'],
    begin: phi3('system'),
    middle: [special('<|end|>'), text('\n'), ...phi3('user')],
    end: [special('<|end|>'), text('\n'), ...phi3('assistant')],
  },
];

const PLAIN: ChatFrame = { begin: [], middle: [text('\n\n')], end: [text('\n')] };

/** The frame of the tokenizer's model, its first token included. */
export function chatFrame(tokenizer: SegmentTokenizer): ChatFrame {
  const { bosToken, addsBos, chatTemplate } = tokenizer.config;
  const family = FAMILIES.find(
    ({ marker, specials }) => chatTemplate.includes(marker) && specials.every((name) => tokenizer.hasSpecial(name)),
  );
  const { begin, middle, end } = family ?? PLAIN;
  if (bosToken === undefined || !tokenizer.hasSpecial(bosToken)) return { begin, middle, end };
  // A template says itself whether a chat begins with the token; without one, the tokenizer does.
  const hasBos = family === undefined ? addsBos : /bos_token/.test(chatTemplate) || chatTemplate.includes(bosToken);
  return { begin: hasBos ? [special(bosToken), ...begin] : begin, middle, end };
}
