// ggml's CUDA libraries: which package, what is asked, what is said when npm fails, and that npm is ended.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { cudaPackage, installQuestion, whyNotInstalled, type CudaLock, type CudaManifest } from '../src/features/gpu/cudaPackage';
import { npmInstall, NpmMissingError } from '../src/features/gpu/npmInstall';
import { gpuEnvironment } from '../src/features/gpu/serverEnvironment';
import { readSettings } from '../src/infrastructure/settings';

const read = (file: string): unknown => JSON.parse(readFileSync(path.join(process.cwd(), 'natives/cuda', file), 'utf8'));
const manifest = read('package.json') as CudaManifest;
const lock = read('package-lock.json') as CudaLock;

for (const [platform, architecture, name] of [
  ['linux', 'x64', '@node-llama-cpp/linux-x64-cuda'],
  ['win32', 'x64', '@node-llama-cpp/win-x64-cuda'],
  ['linux', 'arm64', undefined],
  ['darwin', 'arm64', undefined],
] as const) {
  test(`CUDA on ${platform}-${architecture}: ${name ?? 'none'}`, () => {
    const found = cudaPackage(manifest, lock, platform, architecture);
    assert.equal(found?.name, name);
    if (!found) return;
    assert.equal(found.version, manifest.optionalDependencies[found.name]);
    assert.match(found.integrity, /^sha512-/);
    const { message, detail } = installQuestion(found);
    assert.match(message, /\(1[34]\d MB\)/);
    assert.ok(detail.includes(found.integrity.slice(0, 19)) && detail.includes('MIT'));
  });
}

for (const [output, wanted] of [
  ['npm error code EINTEGRITY\nnpm error sha512-x wanted', /thrown away/],
  ['npm error code ENOSPC', /disk is full/],
  ['npm error code E404\n', /has no cuda/],
  ['npm error code EAI_AGAIN', /could not reach/],
  ['npm error something else\nnpm error more', /something else/],
  ['', /gave no reason/],
] as const) {
  test(`npm fails: ${JSON.stringify(output.slice(0, 30))}`, () => assert.match(whyNotInstalled(output, 'cuda'), wanted));
}

test('the server is told where the libraries are: the setting, the user’s variable, what was installed', () => {
  const { settings } = readSettings(() => undefined);
  const named = { ...settings, gpu: { ...settings.gpu, libraries: '/named' } };
  assert.deepEqual(gpuEnvironment(settings, undefined, {}), {});
  assert.deepEqual(gpuEnvironment(settings, '/installed', {}), { CODETUNER_GGML: '/installed' });
  assert.deepEqual(gpuEnvironment(settings, '/installed', { CODETUNER_GGML: '/users' }), {});
  assert.deepEqual(gpuEnvironment(named, '/installed', { CODETUNER_GGML: '/users' }), { CODETUNER_GGML: '/named' });
});

const posix = { skip: process.platform === 'win32' };

test('npm that is not there is said', posix, async () => {
  await assert.rejects(npmInstall(tmpdir(), new AbortController().signal, '/no/such/npm'), NpmMissingError);
});

test('npm is asked for what is locked, without scripts, and ended when cancelled', posix, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'codetuner-npm-'));
  const program = path.join(folder, 'npm');
  const script = (body: string): void => {
    writeFileSync(program, `#!/bin/sh\n${body}\n`);
    chmodSync(program, 0o755);
  };
  script('echo "$@" in "$(pwd)"; exit 3');
  const ended = await npmInstall(folder, new AbortController().signal, program);
  assert.equal(ended.status, 3);
  assert.match(ended.output, /^ci --ignore-scripts .* in .*codetuner-npm-/);

  script('echo started; sleep 60 & wait'); // what npm itself started is ended too
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 200);
  assert.notEqual((await npmInstall(folder, abort.signal, program)).status, 0);
  rmSync(folder, { recursive: true, force: true });
});
