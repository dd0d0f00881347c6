// The GPU's libraries of a platform, from the package that the lock file pins: where "npm ci" put it, or fetched and checked against the lock file's integrity.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { root } from './dotnet.mjs';

/** VS Code's name of a platform, and the package that holds its libraries. A platform without one runs on the CPU. */
const packages = new Map([
  ['linux-x64', '@node-llama-cpp/linux-x64-vulkan'],
  ['win32-x64', '@node-llama-cpp/win-x64-vulkan'],
  ['darwin-arm64', '@node-llama-cpp/mac-arm64-metal'],
]);

/** What training on the GPU needs of a package: ggml's core and the GPU's library. llama.cpp and the CPU's libraries stay out. */
const wanted = /^(lib)?ggml-(base|vulkan|metal)\.(so|dll|dylib)$/;

/** Copies a platform's libraries and their licence to a folder. Gives the bytes copied; 0 where the platform has none. */
export function copyNatives(target, folder) {
  const name = packages.get(target);
  if (name === undefined) return 0;
  const source = join(root, 'node_modules', name);
  const from = existsSync(source) ? source : fetchPackage(name);
  const libraries = join(from, 'bins', name.split('/')[1]);
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(libraries).filter((file) => wanted.test(file));
  if (files.length !== 2)
    throw new Error(`The package ${name} holds ${files.join(', ') || 'no library'}; ggml's core and one GPU library were expected.`);
  for (const file of files) cpSync(join(libraries, file), join(folder, file));
  cpSync(join(from, 'LICENSE'), join(folder, 'LICENSE'));
  return files.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0);
}

/** Fetches a package for another platform than this, which "npm ci" left out. */
function fetchPackage(name) {
  const { version, integrity } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[`node_modules/${name}`];
  const folder = join(root, 'out/natives', `${name.split('/')[1]}-${version}`);
  if (existsSync(join(folder, 'package'))) return join(folder, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`], {
    encoding: 'utf8',
    cwd: root,
    shell: process.platform === 'win32', // npm is a script there
  });
  if (packed.status !== 0) throw new Error(`The package ${name} ${version} could not be fetched: ${packed.stderr}`);
  const archive = join(folder, readdirSync(folder)[0]);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`The package ${name} ${version} that was fetched is not the one of package-lock.json: its integrity is ${found}.`);
  }
  const unpacked = spawnSync('tar', ['-xzf', archive, '-C', folder], { encoding: 'utf8' });
  if (unpacked.status !== 0) throw new Error(`${archive} could not be unpacked: ${unpacked.stderr}`);
  rmSync(archive);
  return join(folder, 'package');
}
