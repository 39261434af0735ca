import { type ChildProcess, spawn } from 'node:child_process'

/*
 * One shell per test process. It holds the list of children; when its input ends, because the test process is
 * gone (even by SIGKILL), it kills what is left. Ctrl-C reaches the whole group, so it ignores signals. It
 * ends with the last child, hence it keeps no test process alive.
 */
const script = `trap '' INT TERM HUP
pids=
while read -r op pid; do
  case $op in
    +) pids="$pids $pid" ;;
    -) left=; for p in $pids; do [ "$p" = "$pid" ] || left="$left $p"; done; pids=$left ;;
  esac
done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null`

const guarded = new Set<number>()
let shell: ChildProcess | undefined

/** Sees to it that a child does not outlive this process, however this process ends. */
export function guardProcess(pid: number): void {
  shell ??= startShell()
  guarded.add(pid)
  shell.stdin?.write(`+ ${pid}\n`)
}

/** To be called when a guarded child has ended: its pid may soon be somebody else's. */
export function releaseProcess(pid: number): void {
  if (!guarded.delete(pid)) return
  shell?.stdin?.write(`- ${pid}\n`)
  if (guarded.size > 0) return
  shell?.stdin?.end()
  shell = undefined
}

function startShell(): ChildProcess {
  const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin.on('error', () => {}) // A guard that was killed must not fail the tests.
  return child
}
