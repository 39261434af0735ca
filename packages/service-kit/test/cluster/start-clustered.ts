import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { freePort, startProcess, type TestProcess, until } from '@botyard/testkit'

/** An app of several processes, and what callers and operators see of it. */
export interface Clustered {
  readonly primary: TestProcess
  /** Calls over a new connection; the pid of the process that answered, or the error's code. */
  call(): Promise<number | string>
  /** The pids that answer, asked until there are so many. */
  pids(count: number): Promise<Set<number>>
  /** Has the next children start in another way: `misconfigured`, `broken`. */
  tell(what: string): void
  ready(): Promise<{ status: number; checks: Record<string, boolean> }>
  /** The values of a metric, by their labels as they stand on the page. */
  metric(name: string): Promise<Record<string, number>>
}

/** Starts it with so many processes. */
export async function startClustered(t: TestContext, count: number): Promise<Clustered> {
  const folder = mkdtempSync(join(tmpdir(), 'botyard-cluster-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [port, opsPort] = [await freePort(), await freePort()]
  const file = new URL('clustered-process.ts', import.meta.url).pathname
  const primary = await startProcess(file, { args: [count, port, opsPort, folder].map(String) })
  t.after(() => primary.kill('SIGTERM'))
  const opsUrl = `http://127.0.0.1:${opsPort}`

  const call = () =>
    new Promise<number | string>(resolve => {
      const outgoing = request({ port, host: '127.0.0.1', agent: new Agent() }, answer => {
        const chunks: Buffer[] = []
        answer.on('data', chunk => chunks.push(chunk))
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()).pid))
      })
      outgoing.on('error', error => resolve((error as NodeJS.ErrnoException).code!)).end()
    })
  return {
    primary,
    call,
    tell: what => writeFileSync(join(folder, what), ''),
    async pids(wanted) {
      const seen = new Set<number>()
      await until(async () => {
        const pid = await call()
        if (typeof pid === 'number') seen.add(pid)
        return seen.size >= wanted
      })
      return seen
    },
    async ready() {
      const answer = await fetch(`${opsUrl}/ready`)
      const { checks } = (await answer.json()) as { checks: Record<string, boolean> }
      return { status: answer.status, checks }
    },
    async metric(name) {
      const page = await (await fetch(`${opsUrl}/metrics`)).text()
      const rows = [...page.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (.*)$`, 'gm'))]
      return Object.fromEntries(rows.map(([, labels = '', value]) => [labels, Number(value)]))
    },
  }
}
