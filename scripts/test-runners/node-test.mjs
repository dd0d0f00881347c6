// Runs tests of Node's own runner and counts them from the summary that it prints.
import { spawn } from 'node:child_process';
import { root } from '../dotnet.mjs';

/** Runs test files one after another: each has an editor of its own, and two editors slow each other down. */
export function runNodeTests(files) {
  return count(['--test', '--test-concurrency=1', '--test-reporter=spec', ...files]);
}

/** Runs a script that ends in `node --test`, whose results it then prints for people. */
export function runNodeScript(script, args = []) {
  return count([script, ...args], { NODE_OPTIONS: '--test-reporter=spec' });
}

/** Runs a script for its exit code alone. */
export async function runNode(script, args = []) {
  return (await run([script, ...args])).status;
}

async function count(args, environment) {
  const { output, status } = await run(args, environment);
  // "ℹ pass 3" of the reporter for people, "# pass 3" of the one for machines; the last of each is the whole.
  const summary = (name) => Number([...output.matchAll(new RegExp(`^(?:#|ℹ) ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const totals = { passed: summary('pass'), failed: summary('fail') + summary('cancelled'), skipped: summary('skipped') + summary('todo') };
  if (totals.failed === 0 && (status !== 0 || totals.passed === 0)) totals.failed = 1; // a runner that died, or found no test
  const failures = output.split(/^✖ failing tests:$/m)[1]?.trim();
  return { ...totals, failures: failures ? [failures] : [] };
}

function run(args, environment = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.on('close', (status) => resolve({ output, status: status ?? 128 }));
  });
}
