// Installs what the editor tier needs beyond the system's packages: code-server (VS Code in a browser) and playwright-core,
// at the versions of editor/package-lock.json, into .tools/editor. Safe to run again: it does only what is missing.
//
//   node tests/e2e/install.mjs           installs
//   node tests/e2e/install.mjs --check   only says what is missing; exit code 1 if anything is
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeServerEntry, codeServerFolder, editorFolder, findOnPath, missingForEditor, root, systemPackages } from './harness/tools.mjs';

const source = join(root, 'tests/e2e/editor');
const stamp = join(editorFolder, 'installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(source, 'package-lock.json')))
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .update(process.version.split('.')[0]) // native modules are built for one major version
  .digest('hex');

if (process.argv.includes('--check')) {
  const missing = missingForEditor();
  for (const { what, how } of missing) console.log(`Missing: ${what}. ${how}`);
  process.exit(missing.length ? 1 : 0);
}

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
  console.log(`The editor is installed already, in ${editorFolder}.`);
} else {
  const ripgrep = requireBeforehand();
  install(ripgrep);
  writeFileSync(stamp, wanted);
  console.log(`The editor is installed in ${editorFolder}.`);
}

for (const { what, how } of missingForEditor()) console.log(`Still missing: ${what}. ${how}`);

function requireBeforehand() {
  if (process.version.split('.')[0] !== 'v20') {
    fail(`code-server 4.100 runs on Node 20 only, and this is ${process.version}.`);
  }
  const compiler = findOnPath('g++') ?? findOnPath('clang++');
  const ripgrep = findOnPath('rg');
  const lacking = [
    !compiler && 'a C++ compiler',
    !findOnPath('make') && 'make',
    !findOnPath('python3') && 'python3',
    !ripgrep && 'ripgrep',
  ].filter(Boolean);
  if (lacking.length)
    fail(
      `To install the editor, these are needed and not on the PATH: ${lacking.join(', ')}. On Debian: apt-get install ${systemPackages.build}`,
    );
  return ripgrep;
}

function install(ripgrep) {
  rmSync(editorFolder, { recursive: true, force: true });
  mkdirSync(editorFolder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(join(source, file), join(editorFolder, file));

  console.log('Installing code-server and playwright-core …');
  npm(['ci', '--ignore-scripts'], editorFolder);

  // code-server is a shell around VS Code's server, whose dependencies its own install script would fetch.
  const vscode = join(codeServerFolder, 'lib/vscode');
  // Its shrinkwrap lacks an optional package, so "ci" refuses it; "install" still keeps to the versions in it.
  npm(['install', '--omit=dev', '--ignore-scripts'], vscode);
  npm(['install', '--omit=dev', '--ignore-scripts', '--no-save', '--no-package-lock'], join(vscode, 'extensions'));

  console.log('Building its native modules …');
  npm(['rebuild', 'argon2'], editorFolder);
  npm(['rebuild', '@vscode/spdlog', 'native-watchdog', '@parcel/watcher'], vscode);
  // Its post-install wants to fetch node-gyp for a file that only developers need, and may fail at that after all is built.
  const terminal = npm(['rebuild', 'node-pty'], vscode, { mayFail: true });
  if (!existsSync(join(vscode, 'node_modules/node-pty/build/Release/pty.node'))) fail(terminal);

  // The ripgrep package fetches its program by a script; the system's does the same work.
  const bin = join(vscode, 'node_modules/@vscode/ripgrep/bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(ripgrep, join(bin, 'rg'));

  const version = spawnSync(process.execPath, [codeServerEntry, '--version'], { encoding: 'utf8' });
  if (version.status !== 0) fail(`code-server was installed and does not start:\n${version.stderr}`);
}

/** Runs npm; where that fails, ends the program with what it said, or gives what it said if it may fail. */
function npm(args, cwd, { mayFail = false } = {}) {
  const environment = { ...process.env };
  for (const name of Object.keys(environment)) {
    // An npm that runs this script hands on its own folder, command and refusal of scripts; these npms have theirs.
    if (/^npm_(package|lifecycle|command|config_(local_prefix|ignore_scripts)$)/.test(name)) delete environment[name];
  }
  const include = join(dirname(dirname(process.execPath)), 'include/node');
  if (existsSync(include)) environment.npm_config_nodedir = dirname(dirname(include));
  const result = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env: environment, encoding: 'utf8' });
  if (!result.error && result.status === 0) return '';
  const message =
    `npm ${args.join(' ')} failed in ${cwd}:\n${result.error?.message ?? `${result.stdout}${result.stderr}`}\n` +
    `Where a native module does not build, headers may be missing. On Debian: apt-get install ${systemPackages.build}`;
  if (!mayFail) fail(message);
  return message;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
