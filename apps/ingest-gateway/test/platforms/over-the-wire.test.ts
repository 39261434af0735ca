import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebhookRequest } from '@botyard/platforms'
import {
  cases,
  closePlatforms,
  gzipBomb,
  type PlatformGateway,
  platformGateway,
  signed,
} from './platform-gateway.ts'

after(closePlatforms)

for (const each of cases) {
  const { platform } = each

  test(`${platform}: a genuine call is taken from a socket as from anywhere`, async t => {
    const gateway = await platformGateway(t, each)
    const port = await listen(gateway)
    const { fixtures } = each.of
    const sample = gateway.subject.samples.find(({ file }) => fixtures[file] !== 'handshake')!

    const status = await post(port, gateway.path, sample.request)

    assert.ok(status >= 200 && status < 300, String(status))
    assert.equal(gateway.deliveries.length, fixtures[sample.file]!.length)
  })

  test(`${platform}: a body said to be too large is answered 413 before it is read, and the connection closed`, async t => {
    const gateway = await platformGateway(t, each)
    const socket = await open(t, await listen(gateway))
    const { maxBodyBytes } = each.of.adapter

    socket.write(head(gateway, `content-length: ${maxBodyBytes + 1}`))

    assert.match(await allOf(socket), /^HTTP\/1.1 413 .*"GTW_BODY_TOO_LARGE"/s)
  })

  test(`${platform}: a body in chunks is cut off at the first byte too many`, async t => {
    const gateway = await platformGateway(t, each)
    const socket = await open(t, await listen(gateway))
    const { maxBodyBytes } = each.of.adapter

    socket.write(head(gateway, 'transfer-encoding: chunked'))
    // Announces a gigabyte more than it sends, and never ends.
    socket.write(`${(maxBodyBytes + 1024 ** 3).toString(16)}\r\n`)
    socket.write(Buffer.alloc(maxBodyBytes + 1, 0x20))

    assert.match(await allOf(socket), /^HTTP\/1.1 413 .*"GTW_BODY_TOO_LARGE"/s)
  })

  test(`${platform}: headers twice, in bytes beyond ASCII or with a packed body are nothing to stumble over`, async t => {
    const gateway = await platformGateway(t, each)
    const port = await listen(gateway)
    const sample = gateway.subject.samples[0]!
    const names = Object.keys(sample.request.headers).filter(name => name !== 'content-type')

    for (const name of names) {
      const value = String(sample.request.headers[name])
      for (const odd of [
        [value, value],
        ['', value],
        'caf\u00e9\u00ff'.repeat(10),
        ' ',
        ',',
        'v1,,=',
        '\t',
      ]) {
        const changed = { ...sample.request, headers: { ...sample.request.headers, [name]: odd } }
        const status = await post(port, gateway.path, changed)
        assert.ok(
          status < 300 || status === 401 || status === 400,
          `${name}: ${JSON.stringify(odd)}: ${status}`,
        )
      }
    }
    const packed = await signed(gateway, sample, gzipBomb)
    for (const encoding of ['gzip', 'gzip, gzip', 'deflate', 'br']) {
      const status = await post(port, gateway.path, {
        ...packed,
        headers: { ...packed.headers, 'content-encoding': encoding },
      })
      assert.ok(status === 400 || status === 401, `${encoding}: ${status}`)
    }
  })
}

test('a caller that hangs up within its body is no error of ours', async t => {
  const gateway = await platformGateway(t, cases[0]!)
  const socket = await open(t, await listen(gateway))
  const begun = once(gateway.app.server, 'request')

  socket.write(`${head(gateway, 'content-length: 1000')}{`)
  await begun
  socket.destroy()
  while (gateway.logLines.length === 0) await delay(1)

  assert.deepEqual(
    gateway.logLines.map(({ level, code }) => [level, code]),
    [[30, 'GTW_BAD_REQUEST']],
  )
})

async function listen({ app }: PlatformGateway): Promise<number> {
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as AddressInfo).port
}

async function open(t: { after(hook: () => unknown): void }, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  // A connection that is cut while it still sends ends with an error.
  socket.on('error', () => undefined)
  return socket
}

/** What is received until the other side closes. */
async function allOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

function head({ path, subject }: PlatformGateway, length: string): string {
  const [type] = subject.case.adapter.contentTypes
  return `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\n${length}\r\n\r\n`
}

/** The status of a call as Node sends it. */
async function post(port: number, path: string, { headers, body }: WebhookRequest): Promise<number> {
  const sent = Object.entries(headers).filter(([, value]) => value !== undefined) as [string, string][]
  const request = httpRequest({ port, path, method: 'POST', headers: Object.fromEntries(sent) })
  request.end(body)
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'end')
  return response.statusCode
}
