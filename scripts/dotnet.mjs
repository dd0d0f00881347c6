// Finds the .NET SDK and runs it, with a message that says what to do where it is missing.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const environment = {
  ...process.env,
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_CLI_UI_LANGUAGE: 'en',
};

/** Runs `dotnet`; its output goes to ours unless `quiet`, when it is shown only if it fails. Gives the exit code. */
export function dotnet(args, { quiet = false } = {}) {
  const result = spawnSync('dotnet', args, {
    cwd: root,
    env: environment,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    maxBuffer: 1 << 28,
  });
  if (result.error?.code === 'ENOENT') {
    console.error('The .NET 10 SDK is needed, and there is no "dotnet" on the PATH. Install it from https://dot.net and try again.');
    process.exit(1);
  }
  if (quiet && result.status !== 0) {
    process.stdout.write(result.stdout);
    process.stderr.write(result.stderr);
  }
  return result.status ?? 128;
}

/** Refuses an SDK that is too old. */
export function requireSdk() {
  const result = spawnSync('dotnet', ['--version'], { cwd: root, env: environment, encoding: 'utf8' });
  const version = result.stdout?.trim() ?? '';
  if (!result.error && Number(version.split('.')[0]) < 10) {
    console.error(`The .NET SDK here is ${version}; version 10 is needed. Install it from https://dot.net and try again.`);
    process.exit(1);
  }
}
