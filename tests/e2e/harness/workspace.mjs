// A workspace of real code: part of this repository's own server, as a git repository with a few commits.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './tools.mjs';

/** Committed one after another; what the last one adds is the newest code, of which a tune holds some out. */
const parts = ['Protocol/JsonRpc', 'Documents', 'Lifecycle', 'Scheduling', 'Protocol/Lsp'];

export class Workspace {
  /**
   * Makes a workspace in a new folder.
   * @param {(workspace: Workspace) => void} [arrange] commits files of a test's own; they come first, so that they are learned from and not held out
   */
  static create(arrange) {
    const folder = mkdtempSync(join(tmpdir(), 'ct-workspace-'));
    const workspace = new Workspace(folder);
    workspace.git('init', '--quiet', '--initial-branch=main');
    arrange?.(workspace);
    parts.forEach((part, day) => {
      cpSync(join(root, 'server/CodeTuner.LanguageServer', part), join(folder, part), { recursive: true });
      workspace.commit(`Add ${part}`, `2026-01-0${day + 1}T12:00:00Z`);
    });
    return workspace;
  }

  constructor(folder) {
    this.folder = folder;
  }

  write(path, text) {
    const target = join(this.folder, path);
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, text);
  }

  commit(message, date = '2026-01-09T12:00:00Z') {
    this.git('add', '--all');
    this.git('commit', '--quiet', '-m', message, '--date', date);
  }

  git(...args) {
    const identity = { name: 'Test', email: 'test@example.invalid' };
    const environment = {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_COMMITTER_DATE: '2026-01-09T12:00:00Z',
    };
    for (const role of ['AUTHOR', 'COMMITTER']) {
      environment[`GIT_${role}_NAME`] = identity.name;
      environment[`GIT_${role}_EMAIL`] = identity.email;
    }
    if (args.includes('--date')) environment.GIT_COMMITTER_DATE = args[args.indexOf('--date') + 1];
    const result = spawnSync('git', args, { cwd: this.folder, env: environment, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`git ${args.join(' ')} failed: ${result.error?.message ?? result.stderr}`);
    return result.stdout;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
