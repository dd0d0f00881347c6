import { spawn } from 'node:child_process';

/** npm is not on this machine. */
export class NpmMissingError extends Error {
  override name = 'NpmMissingError';
  constructor() {
    super(
      'npm is needed to download the CUDA libraries, and there is no "npm" on the PATH. Install Node.js, which brings it, and try again.',
    );
  }
}

/**
 * Installs what the lock file in `folder` names, each package checked against the lock's integrity. Scripts of packages are not run.
 * Resolves with npm's exit code and what it wrote; an abort ends npm and everything that it started.
 */
export function npmInstall(folder: string, signal: AbortSignal, program = 'npm'): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32'; // npm is a script there, which only a shell runs
    const child = spawn(windows ? `${program}.cmd` : program, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: folder,
      shell: windows,
      detached: !windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (text: string): void => void (output = (output + text).slice(-20_000));
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const stop = (): void => {
      if (child.pid === undefined) return;
      if (windows) spawn('taskkill', ['/pid', String(child.pid), '/t', '/f']);
      else process.kill(-child.pid, 'SIGTERM');
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? new NpmMissingError() : error));
    child.on('close', (status) => {
      signal.removeEventListener('abort', stop);
      resolve({ status: status ?? 128, output });
    });
  });
}
