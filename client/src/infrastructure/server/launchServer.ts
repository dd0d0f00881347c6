import { chmodSync } from 'node:fs';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ServerProgram } from './locateServer';

export interface ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Settles when the process is gone, with how it ended. */
  readonly ended: Promise<string>;
  kill(): void;
}

export interface LaunchOptions {
  program: ServerProgram;
  logFile: string;
  logLevel: 'info' | 'debug';
  environment?: NodeJS.ProcessEnv;
  /** Each line that the server writes to standard error. */
  onErrorLine: (line: string) => void;
}

/**
 * Young generations of 1 and 2 MB are collected often and shortly, in between what a typist waits for (docs/benchmarks.md). Without
 * a most, .NET lets them grow to several times the least. It takes these from the environment alone, and names them by their case.
 */
const collector = { DOTNET_GCgen0size: '0x100000', DOTNET_GCGen0MaxBudget: '0x100000', DOTNET_GCGen1MaxBudget: '0x200000' };

/**
 * Buffers of a megabyte and more go back to the system as soon as they are freed, and threads share two heaps: otherwise glibc keeps
 * hundreds of megabytes of what a tune or a hover needed. Other C libraries don't look at these.
 */
const heap = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: `${1 << 20}` };

/** Starts the server's process; rejects with what to do where the system can't run it. */
export async function launchServer(options: LaunchOptions): Promise<ServerProcess> {
  const { program } = options;
  const args = [...program.args, '--stdio', '--log', options.logFile, '--log-level', options.logLevel];
  args.push(`--clientProcessId=${process.pid}`);
  if (program.foundBy === 'bundled' && program.args.length === 0) makeExecutable(program.command);
  const child = spawn(program.command, args, { stdio: 'pipe', env: { ...collector, ...heap, ...(options.environment ?? process.env) } });
  // The server may go while a message is on its way; what then fails is told by the end of the process.
  child.stdin.on('error', () => {});

  let lastLine = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() !== '') lastLine = line.trim();
    options.onErrorLine(line);
  });

  const ended = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => {
      const how = signal ? `It was ended by ${signal}.` : `It ended with code ${code}.`;
      resolve(lastLine === '' ? how : `${how} Its last words: ${lastLine}`);
    });
  });

  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => reject(new Error(whyNotStarted(program, error))));
  });
  child.on('error', () => {}); // for example a kill that comes too late
  return { child, ended, kill: () => void child.kill('SIGKILL') };
}

// A package that was made or unpacked on Windows has lost the permission.
function makeExecutable(file: string): void {
  try {
    chmodSync(file, 0o755);
  } catch {
    // A read-only installation has it already, or the start says what is wrong.
  }
}

/** What the user can do about a program that the system refuses to run. */
export function whyNotStarted(program: ServerProgram, error: NodeJS.ErrnoException): string {
  if (program.command === 'dotnet' && error.code === 'ENOENT') {
    return 'CodeTuner\'s server needs the .NET 10 runtime here, and there is no "dotnet" on the PATH. Install the runtime from https://dot.net, or the CodeTuner package for your system, which brings its own.';
  }
  if (error.code === 'EACCES') {
    return `CodeTuner's server at "${program.command}" may not be executed. Make it executable, or name another in the setting codetuner.server.path.`;
  }
  return `CodeTuner's server at "${program.command}" can not be started: ${error.message}`;
}
