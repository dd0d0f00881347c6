// npm test: builds everything and runs every test; the last line counts them all.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dotnet, requireSdk } from './dotnet.mjs';

requireSdk();
const results = mkdtempSync(join(tmpdir(), 'codetuner-tests-'));
const totals = { passed: 0, failed: 0, skipped: 0 };
let status = dotnet(['build', 'CodeTuner.sln', '-c', 'Release', '-v', 'quiet', '--nologo']);
if (status === 0) {
  status = dotnet(['test', 'CodeTuner.sln', '-c', 'Release', '--no-build', '--nologo', '-m:1', '-v', 'quiet', '--logger', 'trx', '--results-directory', results]);
  for (const file of readdirSync(results).filter((f) => f.endsWith('.trx'))) {
    const counters = /<Counters ([^>]*)\/>/.exec(readFileSync(join(results, file), 'utf8'))?.[1] ?? '';
    const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)?.[1] ?? 0);
    totals.passed += count('passed');
    totals.failed += count('failed') + count('error') + count('timeout') + count('aborted');
    totals.skipped += count('notExecuted');
  }
}

rmSync(results, { recursive: true, force: true });
if (totals.passed + totals.failed === 0) {
  console.error('No test ran.');
  status ||= 1;
}

if (status !== 0 && totals.failed === 0) totals.failed = 1; // the build, or a runner that died
console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped ? `, ${totals.skipped} skipped` : ''}`);
process.exit(totals.failed ? 1 : status);
