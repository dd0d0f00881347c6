// npm run demo [-- PATH]: builds in Release and tunes the embedded model on a workspace, this repository where none is named.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { dotnet, requireSdk, root } from './dotnet.mjs';

// The whole demo keeps to eight minutes on two cores; building and measuring take up to half of that.
const trainingMinutes = '3.5';

const workspace = resolve(process.env.INIT_CWD ?? process.cwd(), process.argv[2] ?? root);
if (!existsSync(workspace)) {
  console.error(`There is no folder ${workspace}. Usage: npm run demo -- PATH`);
  process.exit(2);
}

requireSdk();
console.log('Building CodeTuner (the first time this also restores its packages) …');
const built = dotnet(['build', 'server/CodeTuner.Cli', '-c', 'Release', '-v', 'quiet', '--nologo'], { quiet: true });
if (built !== 0) process.exit(built);

console.log(`Tuning the embedded model on ${workspace}\n`);
const cli = join(root, 'server/CodeTuner.Cli/bin/Release/net10.0/codetuner.dll');
const tune = spawn('dotnet', [cli, 'tune', workspace, '--minutes', trainingMinutes], { stdio: 'inherit' });

// Ctrl-C reaches the tuner by itself; it saves everything and ends in its own time.
process.on('SIGINT', () => {});
tune.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
