// Runs the .NET tests, which are built already, and counts them from their result files.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dotnet } from '../dotnet.mjs';

export function runDotnetTests() {
  const results = mkdtempSync(join(tmpdir(), 'codetuner-tests-'));
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const status = dotnet(['test', 'CodeTuner.sln', '-c', 'Release', '--no-build', '--nologo', '-m:1', '-v', 'quiet', '--logger', 'trx', '--results-directory', results]);
  for (const file of readdirSync(results).filter((f) => f.endsWith('.trx'))) {
    const counters = /<Counters ([^>]*)\/>/.exec(readFileSync(join(results, file), 'utf8'))?.[1] ?? '';
    const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)?.[1] ?? 0);
    totals.passed += count('passed');
    totals.failed += count('failed') + count('error') + count('timeout') + count('aborted');
    totals.skipped += count('notExecuted');
  }
  rmSync(results, { recursive: true, force: true });
  if (totals.failed === 0 && (status !== 0 || totals.passed === 0)) totals.failed = 1; // a runner that died
  return totals;
}
