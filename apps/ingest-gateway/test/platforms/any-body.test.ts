import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { WebhookRequest } from '@botyard/platforms'
import { anyBody, knownOddities, type Sample } from '@botyard/platforms/conformance'
import fc from 'fast-check'
import {
  cases,
  closePlatforms,
  gzipBomb,
  type PlatformGateway,
  platformGateway,
  signed,
} from './platform-gateway.ts'

const runs = 60

after(closePlatforms)

const oddities = { ...knownOddities, 'a gzip bomb': gzipBomb }

for (const each of cases) {
  const { platform } = each

  test(`${platform}: no odd body, signed or not, is answered otherwise than 2xx, 400, 401 or 413`, async t => {
    const gateway = await platformGateway(t, each)
    const ofEachType = new Map(gateway.subject.samples.map(sample => [sample.contentType, sample])).values()

    for (const sample of ofEachType) {
      for (const [what, body] of Object.entries(oddities)) {
        for (const encoding of [undefined, 'gzip']) {
          const odd = { ...sample.request, body }
          await expectMannered(gateway, await signed(gateway, sample, body), what, {
            'content-encoding': encoding,
          })
          await expectMannered(gateway, odd, `${what}, not signed`, { 'content-encoding': encoding })
        }
      }
    }

    await expectWhole(gateway)
  })

  test(`${platform}: no body whatsoever, signed or not, is answered otherwise than 2xx, 400, 401 or 413`, async t => {
    const gateway = await platformGateway(t, each)
    let genuine = 0

    await fc.assert(
      fc.asyncProperty(
        anyBody(gateway.subject.samples).map(short),
        fc.nat(3),
        async ({ sample, body }, n) => {
          const request = n === 0 ? { ...sample.request, body } : await signed(gateway, sample, body)
          if (await expectMannered(gateway, request, sample.file)) genuine++
        },
      ),
      { numRuns: runs },
    )

    // A token within the body is gone from most of these.
    const least = gateway.subject.case.oracle === null && platform !== 'telegram' ? 1 : runs / 4
    assert.ok(genuine >= least, `only ${genuine} bodies were genuine`)
    await expectWhole(gateway)
  })

  test(`${platform}: no header whatsoever is answered otherwise than 2xx, 400, 401 or 415`, async t => {
    const gateway = await platformGateway(t, each)
    const { samples } = gateway.subject
    const text = fc.string({ unit: 'binary-ascii' }).map(odd => odd.replace(/[^\t\x20-\x7e]/g, ''))
    const odd = fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 }), fc.constant(undefined))

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.nat(), odd, async ({ request }, n, value) => {
        const names = [
          ...Object.keys(request.headers),
          'content-encoding',
          'authorization',
          'x-forwarded-for',
          'date',
        ]

        const { statusCode, body } = await call(gateway, request, { [names[n % names.length]!]: value })

        assert.ok(statusCode < 300 || [400, 401, 415].includes(statusCode), `${statusCode} ${body}`)
      }),
      { numRuns: runs },
    )

    await expectWhole(gateway)
  })

  test(`${platform}: a call without a media type, or of another, is answered 415 and not stored`, async t => {
    const gateway = await platformGateway(t, each)
    const { request } = gateway.subject.samples[0]!

    for (const type of [
      undefined,
      'text/plain',
      'application/xml',
      'multipart/form-data; boundary=x',
      'json',
      '',
    ]) {
      const answer = await call(gateway, request, { 'content-type': type })

      assert.equal(answer.statusCode, 415, String(type))
      assert.equal(answer.json().error.code, 'GTW_UNSUPPORTED_MEDIA_TYPE')
    }
    assert.equal(gateway.deliveries.length, 0)
  })

  test(`${platform}: a body of the largest size is read, one byte more is answered 413`, async t => {
    const gateway = await platformGateway(t, each)
    const sample = gateway.subject.samples[0]!
    const max = gateway.subject.case.adapter.maxBodyBytes

    const largest = await call(gateway, { ...sample.request, body: Buffer.alloc(max, 0x20) })
    const larger = await call(gateway, { ...sample.request, body: Buffer.alloc(max + 1, 0x20) })

    assert.ok([400, 401].includes(largest.statusCode), largest.body)
    assert.equal(larger.statusCode, 413)
    assert.equal(larger.json().error.code, 'GTW_BODY_TOO_LARGE')
    assert.equal(larger.headers.connection, 'close')
    await expectWhole(gateway)
  })
}

function call(
  { app, path }: PlatformGateway,
  { headers, body }: WebhookRequest,
  other: Record<string, unknown> = {},
) {
  const sent = Object.entries({ ...headers, ...other }).filter(([, value]) => value !== undefined)
  // A copy, as of bytes that came over a wire: those of a refused call are given back to the system.
  const payload = Buffer.from(body)
  return app.inject({ method: 'POST', url: path, headers: Object.fromEntries(sent) as never, payload })
}

/** A counterexample of a megabyte tells nobody anything. */
const short = <T extends { body: Buffer }>(odd: T): T =>
  Object.assign(odd, {
    [fc.toStringMethod]: () => `${odd.body.length} bytes: ${odd.body.toString('latin1', 0, 500)}`,
  })

/**
 * Sends a call: 2xx or 400 if it is genuine, 401 if not, 413 if it is too large. Answers whether it was
 * genuine.
 */
async function expectMannered(
  gateway: PlatformGateway,
  request: WebhookRequest,
  what: Sample['file'],
  headers: Record<string, unknown> = {},
): Promise<boolean> {
  const { adapter, credentials } = gateway.subject.case
  const { genuine } = await adapter.verify(request, credentials, gateway.subject.network)

  const answer = await call(gateway, request, headers)

  const { statusCode } = answer
  const isRead = request.body.length <= adapter.maxBodyBytes
  const isMannered = !isRead
    ? statusCode === 413
    : genuine
      ? statusCode < 300 || statusCode === 400
      : statusCode === 401
  assert.ok(isMannered, `${what}: genuine ${genuine}, answered ${statusCode} ${answer.body}`)
  if (statusCode >= 400) assert.match(answer.json().error.code, /^GTW_/)
  return genuine
}

/** Whatever was stored a worker can read, and nothing was an error of ours. */
async function expectWhole({ deliveries, logLines, openLarge }: PlatformGateway): Promise<void> {
  for (const delivery of deliveries) assert.ok((await openLarge(delivery)).update.id.length > 0)
  assert.deepEqual(
    logLines.filter(({ level }) => Number(level) >= 50),
    [],
  )
}
