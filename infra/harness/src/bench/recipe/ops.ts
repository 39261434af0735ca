import { createServer } from 'node:http'
import type { Registry } from 'prom-client'

/** Serves the metrics of one of the recipe's processes on 127.0.0.1; `close` ends it. */
export async function serveMetrics(registry: Registry, port: number): Promise<{ close(): void }> {
  const server = createServer(async (_request, response) => {
    response.setHeader('content-type', registry.contentType)
    response.end(await registry.metrics())
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(port, '127.0.0.1', resolve)
  await promise
  return {
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
