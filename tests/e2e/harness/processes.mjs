// The processes that an editor has started, to find the language server among them and to leave none behind.
import { readFileSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/** Every process: `{ pid, parent, rss, command }`, rss in bytes. */
export function processes() {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/** The processes below one, at any depth. */
export function descendants(pid) {
  const all = processes();
  const found = [];
  for (let parents = new Set([pid]); parents.size;) {
    const children = all.filter((p) => parents.has(p.parent));
    found.push(...children);
    parents = new Set(children.map((p) => p.pid));
  }
  return found;
}

/** The language servers below a process. */
export function languageServers(pid) {
  return descendants(pid).filter((p) => /codetuner-server(\.dll|\.exe)?( |$)/.test(p.command));
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Ends a process and all below it; gives the pids that had to be ended by force. */
export async function endTree(pid, { grace = 20_000 } = {}) {
  const tree = [...descendants(pid).map((p) => p.pid), pid];
  send(pid, 'SIGTERM');
  const deadline = Date.now() + grace;
  while (tree.some(isAlive) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  const left = tree.filter(isAlive);
  left.forEach((p) => send(p, 'SIGKILL'));
  return left;
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

function fromProc() {
  const found = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The command in parentheses may hold anything, so fields are counted from the last one; 4 KiB pages are assumed nowhere: VmRSS is in kB.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') continue;
      const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1] ?? '0';
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      found.push({ pid: Number(name), parent: Number(parent), rss: Number(rss) * 1024, command });
    } catch {
      // ended between the listing and the reading
    }
  }
  return found;
}

function fromPs() {
  const output = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,command='], { encoding: 'utf8' }).stdout ?? '';
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), rss: Number(match[3]) * 1024, command: match[4] }] : [];
  });
}
