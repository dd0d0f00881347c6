// Where the programs of the editor tiers are, and what to do where one is missing.
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';

export const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Where install.mjs puts the editor: outside what git tracks. */
export const editorFolder = join(root, '.tools/editor');
export const codeServerFolder = join(editorFolder, 'node_modules/code-server');
export const codeServerEntry = join(codeServerFolder, 'out/node/entry.js');

/** Screenshots of failed tests, for people. */
export const artifactsFolder = join(root, 'test-artifacts');

/** The language server, as built by `dotnet build -c Release`. */
export const languageServer = join(root, 'server/CodeTuner.LanguageServer/bin/Release/net10.0/codetuner-server.dll');

/** Names of Debian packages. */
export const systemPackages = {
  build: 'ripgrep python3 build-essential',
  browser: 'chromium',
  neovim: 'neovim',
};

/** The full path of a program, or undefined. */
export function findOnPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** Chromium or Chrome: the one that CHROMIUM names, or the first on the PATH. */
export function findChromium() {
  return process.env.CHROMIUM || ['chromium', 'chromium-browser', 'google-chrome'].map(findOnPath).find(Boolean);
}

export function findNeovim() {
  return findOnPath('nvim');
}

/** What the editor tier lacks on this machine, each with how to get it; empty where it can run. */
export function missingForEditor() {
  const missing = [];
  if (!existsSync(codeServerEntry) || !existsSync(join(editorFolder, 'installed'))) {
    missing.push({ what: 'code-server', how: 'Run "node tests/e2e/install.mjs".' });
  }
  if (!findChromium()) {
    missing.push({ what: 'Chromium', how: `On Debian: apt-get install ${systemPackages.browser}; or set CHROMIUM to the program.` });
  }
  return missing;
}

/** What the Neovim tier lacks on this machine. */
export function missingForNeovim() {
  return findNeovim() ? [] : [{ what: 'Neovim', how: `On Debian: apt-get install ${systemPackages.neovim}.` }];
}

/** The package under test: the one that CODETUNER_VSIX names, or the newest in the repository's root. */
export function extensionPackage() {
  if (process.env.CODETUNER_VSIX) return process.env.CODETUNER_VSIX;
  const platform = `${process.platform}-${process.arch}`;
  const [newest] = readdirSync(root)
    .filter((name) => name.startsWith('codetuner-') && name.endsWith('.vsix') && name.includes(platform))
    .map((name) => join(root, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!newest) throw new Error(`There is no codetuner-${platform}-….vsix in ${root}. Run "npm run package".`);
  return newest;
}

/** playwright-core, from where install.mjs put it. */
export function playwright() {
  return createRequire(join(editorFolder, 'package.json'))('playwright-core');
}
