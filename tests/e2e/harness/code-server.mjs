// VS Code's server, with fresh user data, on a free port.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeServerEntry } from './tools.mjs';
import { endTree, languageServers } from './processes.mjs';
import { waitFor } from './wait.mjs';

/** Settings that keep the editor from doing anything on its own that a test does not ask for. */
const quiet = {
  'editor.minimap.enabled': false,
  'editor.suggestOnTriggerCharacters': false,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.inlineSuggest.enabled': true,
  'editor.accessibilitySupport': 'off',
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.banner': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'files.autoSave': 'off',
};

export class CodeServer {
  /** @type {import('node:child_process').ChildProcess} */ #process;
  #output = '';

  /** The address of the workbench. */ url;
  /** Where everything of this editor lies: user data, extensions, CodeTuner's state. */ home;

  /**
   * @param {object} options
   * @param {string} options.folder the workspace
   * @param {string} [options.vsix] an extension to install first
   * @param {object} [options.settings] the user's settings, beside the quiet ones
   * @param {boolean} [options.trusted] false leaves workspace trust on, so the folder is untrusted
   * @param {object} [options.environment] more environment variables
   */
  static async start({ folder, vsix, settings = {}, trusted = true, environment = {} }) {
    const server = new CodeServer();
    // Sockets lie in it, and their paths must be short.
    server.home = mkdtempSync(join(tmpdir(), 'ct-e2e-'));
    server.#environment = {
      ...withoutEditorVariables(process.env),
      HOME: server.home,
      XDG_CONFIG_HOME: join(server.home, 'config'),
      XDG_DATA_HOME: join(server.home, 'data'),
      XDG_CACHE_HOME: join(server.home, 'cache'),
      CODETUNER_STATE: server.stateFolder,
      EXTENSIONS_GALLERY: '{}', // no gallery: nothing is asked of the network
      DOTNET_CLI_HOME: process.env.DOTNET_CLI_HOME ?? process.env.HOME ?? server.home,
      ...environment,
    };
    try {
      server.writeSettings(settings);
      if (vsix) server.#install(vsix);
      await server.#run(folder, trusted);
    } catch (e) {
      await server.stop();
      throw e;
    }
    return server;
  }

  #environment;
  #settings = {};

  get #profile() {
    return [
      '--user-data-dir',
      join(this.home, 'user'),
      '--extensions-dir',
      join(this.home, 'extensions'),
      '--config',
      join(this.home, 'config.yaml'),
    ];
  }

  /** CodeTuner's state: runs and what is promoted. */
  get stateFolder() {
    return join(this.home, 'state');
  }

  get logs() {
    return this.#output;
  }

  /** Changes settings while the editor runs; it notices by itself. */
  writeSettings(settings) {
    this.#settings = { ...this.#settings, ...settings };
    // VS Code reads settings of scope "machine" from the second file alone.
    for (const scope of ['User', 'Machine']) {
      const folder = join(this.home, 'user', scope);
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, 'settings.json'),
        JSON.stringify(scope === 'User' ? { ...quiet, ...this.#settings } : this.#settings, null, 2),
      );
    }
  }

  /** The language servers that this editor has started and that run now. */
  languageServers() {
    return this.#process?.pid ? languageServers(this.#process.pid) : [];
  }

  /** Ends the editor with all its processes and takes its home away. Gives the language servers that would not end with it. */
  async stop() {
    const servers = this.languageServers();
    const left = this.#process?.pid ? await endTree(this.#process.pid) : [];
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    return servers.filter((server) => left.includes(server.pid)).map((server) => server.command);
  }

  #install(vsix) {
    const result = spawnSync(process.execPath, [codeServerEntry, ...this.#profile, '--install-extension', vsix], {
      env: this.#environment,
      encoding: 'utf8',
      timeout: 120_000,
    });
    const said = `${result.stdout}${result.stderr}`;
    if (result.status !== 0 || !/successfully installed/.test(said))
      throw new Error(`The extension ${vsix} could not be installed:\n${said}`);
  }

  async #run(folder, trusted) {
    const args = [
      codeServerEntry,
      '--auth',
      'none',
      '--bind-addr',
      '127.0.0.1:0',
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      ...(trusted ? ['--disable-workspace-trust'] : []),
      ...this.#profile,
      folder,
    ];
    this.#process = spawn(process.execPath, args, { env: this.#environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (data) => (this.#output += data);
    this.#process.stdout.on('data', keep);
    this.#process.stderr.on('data', keep);
    const address = await waitFor('code-server to listen', () => {
      if (this.#process.exitCode !== null) throw new Error(`code-server ended with ${this.#process.exitCode}:\n${this.#output}`);
      return /listening on (http:\/\/\S+?)\/?\s/.exec(this.#output);
    });
    this.url = `${address[1]}/?folder=${encodeURIComponent(folder)}`;
  }

  /** The newest log of a name below the user data, for the message of a failure; empty where there is none. */
  readLog(name) {
    const result = spawnSync('find', [join(this.home, 'user/logs'), '-name', name], { encoding: 'utf8' });
    const newest = (result.stdout ?? '').trim().split('\n').filter(Boolean).sort().at(-1);
    return newest ? readFileSync(newest, 'utf8') : '';
  }
}

/** A terminal inside VS Code would make this code-server hand the folder to that editor. */
function withoutEditorVariables(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(VSCODE_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|npm_)/.test(name)));
}
