import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readManifest } from '../../../../src/runtime/models/manifest.ts';

const FILES = { 'model.onnx': 'onnx', 'tokenizer.json': '{}', 'tokenizer_config.json': '{}' };

function manifest() {
  return {
    format: 1,
    name: 'm',
    version: '1',
    role: 'action',
    dialect: 'compact',
    context_length: 8,
    vocab_size: 8,
    num_layers: 1,
    num_kv_heads: 1,
    head_dim: 8,
    kv_dtype: 'float32',
    quantization: { method: 'MatMulNBits', bits: 8, block_size: 32, max_logit_error: 0.1, mean_logit_error: 0.01 },
    files: Object.fromEntries(
      Object.entries(FILES).map(([name, content]) => [
        name,
        { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
      ]),
    ),
  };
}

/** Runs `body` on a folder with these files, beside lam.json. */
async function withFolder(lam: object, body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lam-manifest-'));
  try {
    for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'lam.json'), JSON.stringify(lam));
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a folder whose files match its manifest is read', async () => {
  await withFolder(manifest(), async (folder) => {
    assert.equal((await readManifest(folder)).name, 'm');
  });
});

test('a changed byte in the model file is found by its checksum', async () => {
  await withFolder(manifest(), async (folder) => {
    await writeFile(join(folder, 'model.onnx'), 'onnX');
    await assert.rejects(readManifest(folder), { code: 'unavailable', message: /model\.onnx: its sha256 is/ });
  });
});

test('a truncated model file is found by its size', async () => {
  await withFolder(manifest(), async (folder) => {
    await writeFile(join(folder, 'model.onnx'), 'on');
    await assert.rejects(readManifest(folder), { message: /has 2 bytes, lam\.json says 4/ });
  });
});

test('a manifest that lacks a field or names a file outside the folder is refused with the reason', async () => {
  const { vocab_size: _, ...incomplete } = manifest();
  await withFolder(incomplete, async (folder) => {
    await assert.rejects(readManifest(folder), { code: 'unavailable', message: /vocab_size/ });
  });
  const outside = manifest();
  outside.files['../secret'] = { bytes: 1, sha256: '0'.repeat(64) };
  await withFolder(outside, async (folder) => {
    await assert.rejects(readManifest(folder), { message: /not a plain file name/ });
  });
});

test('a file that the manifest does not list is refused if it may be read, verified if it is listed', async () => {
  for (const name of ['chat_template.jinja', 'model.onnx.data', 'weights.bin', 'genai_config.json']) {
    await withFolder(manifest(), async (folder) => {
      await writeFile(join(folder, name), 'x');
      const problem = { code: 'unavailable', message: `${join(folder, name)}: lam.json does not list it` };
      await assert.rejects(readManifest(folder), problem);
    });
  }
  const listed = manifest();
  listed.files['chat_template.jinja'] = { bytes: 1, sha256: createHash('sha256').update('x').digest('hex') };
  await withFolder(listed, async (folder) => {
    await writeFile(join(folder, 'chat_template.jinja'), 'x');
    await readManifest(folder);
    await writeFile(join(folder, 'chat_template.jinja'), 'y');
    await assert.rejects(readManifest(folder), { message: /chat_template\.jinja: its sha256 is/ });
  });
});

test('what people put beside a model is let be', async () => {
  await withFolder(manifest(), async (folder) => {
    for (const name of ['README.md', 'LICENSE', 'golden.json', '.gitattributes'])
      await writeFile(join(folder, name), 'x');
    await readManifest(folder);
  });
});
