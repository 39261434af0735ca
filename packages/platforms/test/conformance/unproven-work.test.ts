import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { WebhookRequest } from '../../src/index.ts'
import { countDecoding } from './decoding-work.ts'
import { loadCases } from './load-cases.ts'
import { createSubject } from './subject.ts'

/**
 * A call that proves nothing may have this much more of it decoded than a small one: a few tenths of a
 * millisecond.
 */
const maxBodyBytes = 160 * 1024
const maxCalls = 2_000
/** Node reads no more than 16 KiB of headers, the url among them. */
const headerBytes = 15 * 1024

const fill = (piece: string, bytes: number) => Buffer.from(piece.repeat(Math.floor(bytes / piece.length)))

/** Bodies that cost most to decode, of a size. */
const hostile: Readonly<Record<string, (bytes: number) => Buffer>> = {
  'fields without a value': bytes => fill('a&', bytes),
  'fields of other names': bytes => {
    let form = ''
    for (let n = 0; form.length < bytes; n++) form += `k${n}=v&`
    return Buffer.from(form)
  },
  'escapes alone': bytes => fill('%41', bytes),
  'a wrong token behind many fields': bytes =>
    Buffer.concat([fill('a=1&', bytes - 8), Buffer.from('token=no')]),
  'wrong tokens alone': bytes => fill('token=%6eo&', bytes),
  'a form that ends in a check of TLS': bytes =>
    Buffer.concat([fill('a=1&', bytes - 11), Buffer.from('ssl_check=1')]),
  'empty arrays': bytes => Buffer.from(`[${'[],'.repeat(Math.floor(bytes / 3) - 1)}[]]`),
  'wrong tokens as JSON': bytes =>
    Buffer.from(`{${'"token":"no",'.repeat(Math.floor(bytes / 13) - 1)}"token":"no"}`),
  'a token in an unending string': bytes => Buffer.from(`{"token":"${'n'.repeat(bytes - 12)}"}`),
  quotes: bytes => fill('"', bytes),
}

/** Where the proof is in a header alone, that of somebody else. */
function stranger(headers: WebhookRequest['headers']): WebhookRequest['headers'] {
  const changed = (name: string) =>
    typeof headers[name] === 'string' && { [name]: headers[name].replace(/.{9}$/, 'forgery--') }
  return { ...headers, ...changed('authorization'), ...changed('x-telegram-bot-api-secret-token') }
}

for (const { platform, case: of } of await loadCases()) {
  if (!of) continue
  const { adapter } = of
  let subject: ReturnType<typeof createSubject> | undefined
  const signed = () => {
    subject ??= createSubject(platform, of)
    return subject
  }
  after(async () => (await subject)?.close())
  const maxBytes = Math.min(adapter.maxBodyBytes, 1024 * 1024)

  for (const [what, body] of Object.entries(hostile)) {
    test(`${platform}: ${what} without a proof cost no more to decode for being many`, async () => {
      const {
        samples,
        network,
        case: { credentials },
      } = await signed()
      for (const contentType of adapter.contentTypes) {
        const { request } = samples[0]!
        const headers = { ...stranger(request.headers), 'content-type': contentType }
        const work = async (bytes: number) => {
          const call = { ...request, headers, body: body(bytes) }
          return countDecoding(async () => {
            const result = await adapter.verify(call, credentials, network)
            assert.equal(result.genuine, false)
          })
        }
        const small = await work(1024)
        const large = await work(maxBytes)

        assert.ok(
          large.bytes - small.bytes < maxBodyBytes,
          `${contentType}: ${large.bytes} bytes were decoded`,
        )
        assert.ok(large.calls - small.calls < maxCalls, `${contentType}: ${large.calls} pieces were decoded`)
      }
    })
  }

  test(`${platform}: headers and query full of parts cost a bounded number of steps`, async () => {
    const {
      samples,
      network,
      case: { credentials },
    } = await signed()
    const { request } = samples[0]!
    const parts = ['a&', 'v1,A ', 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.', 'A'].map(part =>
      fill(part, headerBytes).toString(),
    )
    for (const part of parts) {
      const calls: WebhookRequest[] = [
        ...Object.keys(request.headers).map(name => ({
          ...request,
          headers: { ...request.headers, [name]: part },
        })),
        {
          ...request,
          headers: { ...request.headers, authorization: `Bearer ${'A'.repeat(5000)}.${'A'.repeat(8000)}.A` },
        },
        { ...request, url: `https://bots.example.com/hooks?${part}` },
      ]
      for (const call of calls) {
        const work = await countDecoding(async () => {
          await adapter.verify(call, credentials, network)
          adapter.challenge?.({ ...call, method: 'GET' }, credentials)
        })
        assert.ok(work.bytes < maxBodyBytes, `${work.bytes} bytes were decoded`)
        assert.ok(work.calls < 100, `${work.calls} pieces were decoded`)
      }
    }
  })
}
