// Runs the .NET tests, which are built already, and reads their result files: the counts, and what failed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dotnet } from '../dotnet.mjs';

export function runDotnetTests() {
  const results = mkdtempSync(join(tmpdir(), 'codetuner-tests-'));
  const totals = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const status = dotnet([
    'test',
    'CodeTuner.sln',
    '-c',
    'Release',
    '--no-build',
    '--nologo',
    '-m:1',
    '-v',
    'quiet',
    '--logger',
    'trx',
    '--results-directory',
    results,
  ]);
  for (const file of readdirSync(results).filter((f) => f.endsWith('.trx'))) {
    const report = readFileSync(join(results, file), 'utf8');
    const counters = /<Counters ([^>]*)\/>/.exec(report)?.[1] ?? '';
    const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)?.[1] ?? 0);
    totals.passed += count('passed');
    totals.failed += count('failed') + count('error') + count('timeout') + count('aborted');
    totals.skipped += count('notExecuted');
    totals.failures.push(...failuresOf(report));
  }
  rmSync(results, { recursive: true, force: true });
  if (totals.failed === 0 && (status !== 0 || totals.passed === 0)) totals.failed = 1; // a runner that died
  return totals;
}

/** The failed tests of a .trx report, each by its name, message and place. */
function failuresOf(report) {
  return [...report.matchAll(/<UnitTestResult ([^>]*\boutcome="Failed"[^>]*)>([\s\S]*?)<\/UnitTestResult>/g)].map(
    ([, attributes, body]) => {
      const inner = (element) => new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(body)?.[1] ?? '';
      const name = /\btestName="([^"]*)"/.exec(attributes)?.[1] ?? 'a test without a name';
      return plain([name, inner('Message'), inner('StackTrace')].filter(Boolean).join('\n'));
    },
  );
}

function plain(xml) {
  const characters = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml.replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) =>
    name ? (characters[name] ?? whole) : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)),
  );
}
