// npm run package [-- --target linux-x64]…: makes a .vsix for each target, or for this machine, that holds the extension, its server with the runtime, and the model.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { spawnSync } from 'node:child_process';
import { dotnet, requireSdk, root } from './dotnet.mjs';
import { copyNatives } from './natives.mjs';

/** VS Code's name of a platform, and .NET's. */
const runtimes = new Map([
  ['linux-x64', 'linux-x64'],
  ['linux-arm64', 'linux-arm64'],
  ['win32-x64', 'win-x64'],
  ['win32-arm64', 'win-arm64'],
  ['darwin-x64', 'osx-x64'],
  ['darwin-arm64', 'osx-arm64'],
]);
const model = 'models/codetuner-10m';

const targets = readTargets(process.argv.slice(2));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const out = join(root, 'out/package');

requireSdk();
for (const target of targets) {
  const staging = join(out, target);
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  publishServer(target, join(staging, 'server'));
  const natives = copyNatives(target, join(staging, 'server/natives'));
  console.log(natives ? `The GPU's libraries: ${megabytes(natives)}` : `There are no GPU libraries for ${target}: it runs on the CPU.`);
  bundleClient();
  copyRest(staging);
  writeManifest(staging);
  makePackage(target, staging);
}

function readTargets(args) {
  const chosen = [];
  for (let i = 0; i < args.length; i++) {
    const target = args[i] === '--target' ? args[++i] : undefined;
    if (target === undefined || !runtimes.has(target)) {
      console.error(`Usage: npm run package -- [--target NAME]…, with NAME one of ${[...runtimes.keys()].join(', ')}.`);
      process.exit(2);
    }
    chosen.push(target);
  }
  const here = `${process.platform}-${process.arch}`;
  if (chosen.length === 0) chosen.push(runtimes.has(here) ? here : 'linux-x64');
  return chosen;
}

/** The server with its runtime, compiled ahead of time where it can be, without symbols and documentation. */
function publishServer(target, folder) {
  const runtime = runtimes.get(target);
  console.log(`Publishing the server for ${runtime} …`);
  const status = dotnet(
    [
      ...['publish', 'server/CodeTuner.LanguageServer', '-c', 'Release', '-r', runtime, '--self-contained', '-o', folder],
      ...['-p:PublishReadyToRun=true', '-p:DebugType=none', '-p:DebugSymbols=false'],
      ...['-p:UseAppHost=true', '-v', 'quiet', '--nologo'],
    ],
    { quiet: true },
  );
  if (status !== 0) {
    console.error(`The server can not be published for ${runtime}. What failed stands above.`);
    process.exit(status);
  }
  copyRuntimeLicence(runtime, folder);
  for (const file of filesOf(folder)) if (/\.(pdb|xml|map)$/.test(file)) rmSync(file);
}

/** The runtime's own licence and notices, which whoever ships it ships along. */
function copyRuntimeLicence(runtime, folder) {
  const listed = spawnSync('dotnet', ['nuget', 'locals', 'global-packages', '--list', '--force-english-output'], { encoding: 'utf8' });
  const packages = /global-packages: (.*)/.exec(listed.stdout)?.[1]?.trim() ?? '';
  const config = JSON.parse(readFileSync(join(folder, 'codetuner-server.runtimeconfig.json'), 'utf8'));
  const { version } = config.runtimeOptions.includedFrameworks.find(({ name }) => name === 'Microsoft.NETCore.App');
  const pack = join(packages, `microsoft.netcore.app.runtime.${runtime}`, version);
  for (const file of ['LICENSE.TXT', 'THIRD-PARTY-NOTICES.TXT']) cpSync(join(pack, file), join(folder, `dotnet-${file}`));
}

function bundleClient() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  run(process.execPath, [join(root, 'client/esbuild.mjs'), '--production'], root);
}

function copyRest(staging) {
  const copy = (path) => cpSync(join(root, path), join(staging, path), { recursive: true });
  copy('dist');
  copy('media');
  rmSync(join(staging, 'media/icon.svg')); // the drawing behind icon.png
  // The server looks for "models" in its own folder and in each above it.
  for (const file of ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json', 'README.md', 'SOURCES.md']) {
    copy(join(model, file));
  }
  for (const file of ['README.md', 'LICENSE', 'THIRD-PARTY.md', 'natives/cuda']) copy(file);
}

/** The manifest without what only the repository needs. */
function writeManifest(staging) {
  const { scripts: _scripts, devDependencies: _dev, optionalDependencies: _optional, private: _private, engines, ...rest } = manifest;
  writeFileSync(join(staging, 'package.json'), JSON.stringify({ ...rest, engines: { vscode: engines.vscode } }, undefined, 2));
}

function makePackage(target, staging) {
  const file = join(root, `codetuner-${target}-${manifest.version}.vsix`);
  rmSync(file, { force: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const flags = ['--target', target, '--no-dependencies', '--skip-license', '--allow-missing-repository', '--no-rewrite-relative-links'];
  run(process.execPath, [vsce, 'package', ...flags, '--out', file], staging);
  const packed = statSync(file).size;
  const unpacked = filesOf(staging).reduce((sum, path) => sum + statSync(path).size, 0);
  console.log(`${relative(process.cwd(), file)}: ${megabytes(packed)}, unpacked ${megabytes(unpacked)}`);
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.status !== 0) {
    process.stdout.write(result.stdout ?? '');
    process.stderr.write(result.stderr ?? String(result.error));
    process.exit(result.status ?? 1);
  }
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
