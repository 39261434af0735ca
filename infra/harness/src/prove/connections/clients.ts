import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ClientCounts, ClientOrder, ClientPlan, ClientReport } from './protocol.ts'

/** All processes that keep connections open. */
export interface Clients {
  /** Resolves when all have opened all of theirs. */
  readonly opened: Promise<void>
  flow(perSecond: number): void
  /** Resolves when every connection has made another call. */
  visit(): Promise<void>
  tell(): Promise<ClientCounts>
  stop(): Promise<void>
}

const file = new URL('client-process.ts', import.meta.url).pathname

/** Starts one process for each plan. */
export function startClients(plans: readonly ClientPlan[]): Clients {
  const children = plans.map(plan =>
    fork(file, [JSON.stringify(plan)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  const order = (what: ClientOrder) => {
    for (const child of children) child.send(what)
  }
  const opened = Promise.all(children.map(child => hear(child, 'opened')))

  return {
    opened: opened.then(() => undefined),
    flow: perSecond => order({ do: 'flow', perSecond: perSecond / children.length }),
    async visit() {
      const visited = children.map(child => hear(child, 'visited'))
      order({ do: 'visit' })
      await Promise.all(visited)
    },
    async tell() {
      const told = children.map(child => hear(child, 'told'))
      order({ do: 'tell' })
      return sum(await Promise.all(told))
    },
    async stop() {
      const ended = children.filter(child => child.exitCode === null).map(child => once(child, 'exit'))
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}

function hear<Done extends ClientReport['done']>(
  child: ChildProcess,
  done: Done,
): Promise<Extract<ClientReport, { done: Done }>> {
  return new Promise((resolve, reject) => {
    child.once('exit', code => reject(new Error(`a client process ended with ${code}`)))
    child.on('message', (report: ClientReport) => {
      if (report.done === done) resolve(report as Extract<ClientReport, { done: Done }>)
    })
  })
}

function sum(reports: readonly { readonly counts: ClientCounts }[]): ClientCounts {
  const errors: Record<string, number> = {}
  for (const { counts } of reports)
    for (const [what, n] of Object.entries(counts.errors)) errors[what] = (errors[what] ?? 0) + n
  return {
    open: reports.reduce((total, { counts }) => total + counts.open, 0),
    answered: reports.reduce((total, { counts }) => total + counts.answered, 0),
    errors,
    times: reports.flatMap(({ counts }) => counts.times),
  }
}
