// npm run test:client: bundles the tests with esbuild and runs them on node's own test runner. Arguments choose tests by a part of their name.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out/client-tests');
const wanted = process.argv.slice(2);
const tests = readdirSync(here).filter(
  (file) => file.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => file.includes(part))),
);
if (tests.length === 0) {
  console.error('No test has such a name.');
  process.exit(2);
}

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: tests.map((file) => join(here, file)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});

const files = tests.map((file) => join(out, file.replace(/\.ts$/, '.mjs')));
const result = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { cwd: root, stdio: 'inherit' });
process.exit(result.status ?? 1);
