import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatFrame } from '../../../../src/runtime/dialects/chat-template.ts';
import { segmentToString, text } from '../../../../src/runtime/dialects/segment.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';

type Model = { readonly template?: string; readonly specials?: readonly string[]; readonly config?: object };

/** What a model of this kind is shown. */
function rendered({ template, specials = [], config = {} }: Model): string {
  const tokenizer = byteTokenizer([], { specials, config: { ...config, chat_template: template } });
  const { begin, middle, end } = chatFrame(tokenizer);
  return [...begin, text('DO'), ...middle, text('THIS'), ...end]
    .map((segment) => ('special' in segment ? `(${segment.special})` : segmentToString(segment).slice(1)))
    .join('');
}

const LLAMA_3 = ['<|begin_of_text|>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'];

const MODELS: readonly (readonly [string, Model, string])[] = [
  [
    'ChatML',
    { template: "'<|im_start|>' + role", specials: ['<|im_start|>', '<|im_end|>'] },
    '(<|im_start|>)system\nDO(<|im_end|>)\n(<|im_start|>)user\nTHIS(<|im_end|>)\n(<|im_start|>)assistant\n',
  ],
  [
    'Llama 3',
    {
      template: "bos_token + '<|start_header_id|>'",
      specials: LLAMA_3,
      config: { bos_token: '<|begin_of_text|>' },
    },
    '(<|begin_of_text|>)(<|start_header_id|>)system(<|end_header_id|>)\n\nDO(<|eot_id|>)' +
      '(<|start_header_id|>)user(<|end_header_id|>)\n\nTHIS(<|eot_id|>)' +
      '(<|start_header_id|>)assistant(<|end_header_id|>)\n\n',
  ],
  [
    'Mistral with special marks',
    { template: "bos_token + '[INST]'", specials: ['<s>', '[INST]', '[/INST]'], config: { bos_token: '<s>' } },
    '(<s>)([INST])DO\n\nTHIS([/INST])',
  ],
  ['Mistral with marks of text', { template: "'[INST] '" }, '[INST] DO\n\nTHIS [/INST]'],
  [
    'Phi-3',
    { template: "'<|user|>'", specials: ['<|system|>', '<|user|>', '<|assistant|>', '<|end|>'] },
    '(<|system|>)\nDO(<|end|>)\n(<|user|>)\nTHIS(<|end|>)\n(<|assistant|>)\n',
  ],
  ['an unknown template', { template: "'<turn>'" }, 'DO\n\nTHIS\n'],
  ['no template, though the tokens are there', { specials: LLAMA_3 }, 'DO\n\nTHIS\n'],
  ['a template whose tokens are missing', { template: "'<|im_start|>'" }, 'DO\n\nTHIS\n'],
  [
    'no template, but a first token',
    { specials: ['<s>'], config: { bos_token: '<s>', add_bos_token: true } },
    '(<s>)DO\n\nTHIS\n',
  ],
];

for (const [name, model, expected] of MODELS) {
  test(`the frame of ${name}`, () => assert.equal(rendered(model), expected));
}
