// npm test: builds everything and runs every test; what failed is repeated at the end, and the last line counts them all.
//
//   npm test                     every tier
//   npm test -- dotnet neovim    the tiers that are named
//
// A tier that this machine lacks something for is left out, with what is missing and how to get it. With CI=true that is a failure.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missingForEditor, missingForNeovim } from '../tests/e2e/harness/tools.mjs';
import { dotnet, requireSdk, root } from './dotnet.mjs';
import { runDotnetTests } from './test-runners/dotnet-test.mjs';
import { runNode, runNodeScript, runNodeTests } from './test-runners/node-test.mjs';

const tiers = {
  dotnet: {
    name: 'server and command line',
    missing: () => [],
    run: runDotnetTests,
  },
  client: {
    name: 'extension',
    missing: missingModules,
    run: () => runNodeScript('client/test/run.mjs'),
  },
  neovim: {
    name: 'language server in Neovim',
    missing: missingForNeovim,
    run: () => runNodeTests(['tests/neovim/neovim.test.mjs']),
  },
  editor: {
    name: 'extension in VS Code',
    missing: () => [...missingModules(), ...missingForEditor()],
    run: async () => {
      // The editor is given what a user would install.
      const status = await runNode('scripts/package.mjs', ['--target', `${process.platform}-${process.arch}`]);
      return status === 0
        ? runNodeTests(['session', 'faults', 'restricted'].map((suite) => `tests/e2e/${suite}.test.mjs`))
        : { passed: 0, failed: 1, skipped: 0, failures: ['The extension could not be packaged.'] };
    },
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in tiers));
if (unknown.length) {
  console.error(`There is no tier ${unknown.join(', ')}. Usage: npm test [-- ${Object.keys(tiers).join(' | ')} …]`);
  process.exit(2);
}

requireSdk();
const totals = { passed: 0, failed: 0, skipped: 0 };
const leftOut = [];
const failures = [];
const built = dotnet(['build', 'CodeTuner.sln', '-c', 'Release', '-v', 'quiet', '--nologo']);
if (built === 0) {
  for (const [key, tier] of Object.entries(tiers)) {
    if (chosen.length && !chosen.includes(key)) continue;
    await runTier(tier);
  }
} else {
  totals.failed = 1;
}

if (totals.passed + totals.failed === 0) {
  console.error('No test ran.');
  totals.failed = 1;
}
for (const line of leftOut) console.log(line);
for (const failure of failures) console.log(`\nFailed: ${failure}`);
console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`);
process.exit(totals.failed ? 1 : 0);

async function runTier(tier) {
  const missing = tier.missing();
  if (missing.length) {
    leftOut.push(`Left out: ${tier.name}. ${missing.map(({ what, how }) => `Missing: ${what}. ${how}`).join(' ')}`);
    if (process.env.CI === 'true') totals.failed++;
    return;
  }

  const started = Date.now();
  console.log(`\n${tier.name[0].toUpperCase()}${tier.name.slice(1)}`);
  const counts = await tier.run();
  for (const kind of Object.keys(totals)) totals[kind] += counts[kind];
  failures.push(...counts.failures);
  console.log(`${counts.passed} passed, ${counts.failed} failed in ${Math.round((Date.now() - started) / 1000)} s`);
}

function missingModules() {
  return existsSync(join(root, 'node_modules/esbuild')) ? [] : [{ what: "the extension's packages", how: 'Run "npm ci".' }];
}
