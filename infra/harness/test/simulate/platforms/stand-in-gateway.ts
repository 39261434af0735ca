import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { createPlatformSimulator, platformFactories } from '@botyard/platform-simulators'
import { adapters, type PlatformAdapter, type SendOptions, type SendResult } from '@botyard/platforms'
import type { OutboundMessage } from '@botyard/queue-contracts'
import { Agent } from 'undici'

type Platform = keyof typeof adapters

/** The url as the operator told it to the platform. */
const publicUrl = 'https://bots.example/hooks/any/bot'

/**
 * A simulator, and in place of the system an adapter behind an HTTP server: it verifies, reads, answers and
 * keeps what it is sent, and sends what a test asks for. Ends with the test.
 */
export async function standInGateway(t: TestContext, platform: string) {
  const adapter: PlatformAdapter | undefined = adapters[platform as Platform]
  if (adapter === undefined) throw new Error(`There is no adapter of ${platform}`)
  const simulator = await createPlatformSimulator(platformFactories[platform]!())
  const dispatcher = new Agent()
  const network: SendOptions = { dispatcher, signal: new AbortController().signal }
  const verdicts: string[] = []
  const updates: OutboundMessage[] = []
  const kinds: string[] = []
  const waiting = new Set<() => void>()
  const errors: unknown[] = []

  const identified = await adapter.identify?.(simulator.credentials, network)
  const self = identified?.status === 'known' ? identified.identity : undefined

  const receive = async (headers: NodeJS.Dict<string | string[]>, body: Buffer) => {
    const request = { method: 'POST', url: publicUrl, headers, body, receivedAtMs: Date.now() }
    const verdict = await adapter.verify(request, simulator.credentials, network)
    verdicts.push(verdict.genuine ? 'genuine' : verdict.reason)
    if (!verdict.genuine) return { status: 401 }
    const normalised = adapter.normalise(request, self)
    for (const { raw: _, kind, sentAtMs: __, event: ___, fromBot: ____, ...update } of normalised) {
      kinds.push(kind)
      for (const look of waiting) look()
      if (kind === 'other' || kind === 'status') continue
      updates.push({
        ...update,
        id: `${update.id}.0`,
        bot: 'b',
        platform: platform as Platform,
        receivedAtMs: Date.now(),
      })
    }
    const answer = adapter.answer?.(normalised, {}) ?? { now: { status: 200, body: '{"ok":true}' } }
    return 'now' in answer ? answer.now : answer.fallback
  }

  const server = createServer(async (request, response) => {
    try {
      const {
        status,
        contentType = 'application/json',
        body = '',
      } = await receive(request.headers, Buffer.concat(await request.toArray()))
      response.writeHead(status, { 'content-type': contentType }).end(body)
    } catch (error) {
      errors.push(error)
      response.writeHead(500).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    await simulator.close()
    await dispatcher.destroy()
    server.closeAllConnections()
    server.close()
  })

  return {
    simulator,
    adapter,
    /** One a call: `genuine`, or why not. */
    verdicts,
    /** What the platform told of the bot. */
    identified,
    /** The kinds of all that came. */
    kinds,
    /** Settles once so many updates came, whatever their kind. */
    cameAtLeast: (count: number) =>
      new Promise<void>(resolve => {
        const look = () => {
          if (kinds.length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    /** What came for the bot to answer, as a reply to it would leave. */
    updates,
    errors,
    network,
    connect: (options: { losesAnswer?: () => boolean } = {}) =>
      simulator.connect({
        ...options,
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/any/bot`,
        publicUrl,
        timeScale: 0,
      }),
    send: (message: OutboundMessage, credentials: object = simulator.credentials): Promise<SendResult> =>
      adapter.send(message, credentials, network),
  }
}
