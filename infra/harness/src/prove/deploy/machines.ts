import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Installation, Instance, Place } from '../../shared/installation.ts'

/** The machines of the deployment, which the rollout reaches as an operator reaches theirs: by a command. */
export interface Machines {
  /** What asks the machine $INSTANCE for something, in a shell. */
  command(what: 'current' | 'replace'): string
  instance(name: string): Instance
  close(): Promise<void>
}

/**
 * Starts an instance at each place, and answers commands: which release it runs, and to run another one. A
 * release is a root of a repository.
 */
export async function startMachines(
  system: Installation,
  places: ReadonlyMap<string, Place>,
  releases: ReadonlyMap<string, string>,
  first: string,
): Promise<Machines> {
  const running = new Map<string, { release: string; instance: Instance }>()
  const start = async (name: string, release: string) => {
    const instance = await system.start(places.get(name)!, { root: releases.get(release)! })
    running.set(name, { release, instance })
  }
  for (const name of places.keys()) await start(name, first)
  const server = createServer(async (request, response) => {
    const [, what, name = '', release = ''] = request.url!.split('/')
    try {
      const now = running.get(name)!
      if (what === 'replace') {
        await now.instance.stop()
        await start(name, release)
      }
      response.end(running.get(name)!.release)
    } catch (error) {
      response.writeHead(500).end((error as Error).message)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ask = `fetch('http://127.0.0.1:${port}/'+process.argv.slice(1).join('/')).then(async r=>{console.log(await r.text());process.exitCode=r.ok?0:1})`
  return {
    command: what => `'${process.execPath}' -e "${ask}" ${what} $INSTANCE $RELEASE`,
    instance: name => running.get(name)!.instance,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
