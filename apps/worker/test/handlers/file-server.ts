import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createTargetGuard } from '@botyard/service-kit'
import { createDownloads } from '../../src/handlers/download.ts'

/** A web server on loopback, and downloads from it; both end with the test. */
export async function serveFiles(
  t: TestContext,
  listener: RequestListener,
  { allow = ['127.0.0.0/8'] } = {},
) {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { dispatcher } = createTargetGuard({ allow })
  t.after(async () => {
    await dispatcher.destroy()
    server.closeAllConnections()
    server.close()
  })
  const open = createDownloads(dispatcher)
  const never = new AbortController().signal
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    download: (path = '/', options: Partial<Parameters<typeof open>[1]> = {}) =>
      open(`http://${host}${path}`, { signal: never, ...options }),
  }
}
