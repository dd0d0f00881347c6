// Bundles the extension and the script of its runs view into dist/. --watch goes on; --production minifies, and writes the licences of what is bundled.
import { context } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licencesOf } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const flags = new Set(process.argv.slice(2));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify: flags.has('--production'),
  sourcemap: flags.has('--production') ? false : 'linked',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const builds = await Promise.all([
  context({
    ...common,
    entryPoints: ['client/src/extension.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
  }),
  context({
    ...common,
    entryPoints: ['client/webview/runs.ts'],
    outfile: 'dist/runs.js',
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
  }),
]);

if (flags.has('--watch')) {
  await Promise.all(builds.map((build) => build.watch()));
} else {
  try {
    const results = await Promise.all(builds.map((build) => build.rebuild()));
    if (flags.has('--production')) {
      const metafiles = results.map((result) => result.metafile);
      writeFileSync(join(root, 'dist/licences.txt'), licencesOf(root, metafiles));
    }
  } catch (error) {
    if (!error.errors) throw error;
    process.exitCode = 1; // esbuild has said what is wrong
  }
  await Promise.all(builds.map((build) => build.dispose()));
}
