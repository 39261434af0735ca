import type { Logger } from 'pino'
import type { Child } from './fork-child.ts'

const everyMs = 5_000
/** Half a minute without an answer. They are counted, as a clock runs on while a machine is suspended. */
const maxUnanswered = 6

/**
 * Kills a child whose event loop has stood still for half a minute, so that another one takes its place. An
 * orchestrator does so with a process whose `/live` is silent; of a child's it would hear nothing.
 */
export function watchChildren(children: ReadonlySet<Child>, logger: Logger): { close(): void } {
  const unanswered = new WeakMap<Child, number>()

  async function look(child: Child): Promise<void> {
    const isLive = await child.ask('live', everyMs)
    const inARow = isLive ? 0 : (unanswered.get(child) ?? 0) + 1
    unanswered.set(child, inARow)
    if (inARow < maxUnanswered || !children.has(child)) return
    logger.error({ child: child.pid }, 'process does not answer: it is killed')
    child.kill()
  }

  const timer = setInterval(() => {
    // Never rejects.
    for (const child of children) if (child.isServing) void look(child)
  }, everyMs)
  return { close: () => clearInterval(timer) }
}
