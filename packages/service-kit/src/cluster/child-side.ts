import cluster from 'node:cluster'
import { childFlag, isOurs, type MetricJson, type Order, type Question, type Report } from './protocol.ts'

/** What a child answers its primary. */
export type ChildAnswers = Readonly<Record<Exclude<Question, 'live'>, () => Promise<unknown>>>

/** Whether this process is one of several that a primary of ours forked; PM2 forks by `node:cluster` too. */
export function isChild(): boolean {
  return cluster.isWorker && process.argv.includes(childFlag)
}

/**
 * Says that this process serves: to the primary, or to a process manager that waits for the word (PM2's
 * `wait_ready`); to nobody where there is no such channel.
 */
export function tellServing(): void {
  if (isChild()) void send({ botyard: 'serving' })
  else process.send?.('ready')
}

/** Answers the primary from now on; `close` says the last metrics, which the primary goes on counting. */
export function answerPrimary(answers: ChildAnswers): { close(): Promise<void> } {
  // Never throws: what cannot be answered is not, and the primary stops waiting.
  process.on('message', message => {
    if (!isOurs<Order>(message) || message.botyard !== 'ask') return
    const { id, what } = message
    const value = what === 'live' ? Promise.resolve(true) : answers[what]()
    void value.then(
      value => send({ botyard: 'answer', id, value }),
      () => undefined,
    )
  })
  return {
    async close() {
      const metrics = (await answers.metrics()) as readonly MetricJson[]
      await send({ botyard: 'last', metrics })
    },
  }
}

/** Calls back when the primary says stop, or is gone: then nobody would stop this process any more. */
export function onStopOrder(stop: (why: 'primary' | 'primary gone') => void): void {
  // Never throws: it begins the close.
  process.on('message', message => {
    if (isOurs<Order>(message) && message.botyard === 'stop') stop('primary')
  })
  // Never throws. Before Node's own listener, which would end the process at once, with what it has in hand.
  process.prependListener('disconnect', () => {
    if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
    stop('primary gone')
  })
}

/** Never rejects. Resolves when it has left, or cannot: the primary is gone then. */
function send(report: Report): Promise<void> {
  return new Promise(resolve => {
    if (!process.connected) resolve()
    else process.send!(report, undefined, undefined, () => resolve())
  })
}
