import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { cases, closePlatforms, platformGateway } from './platform-gateway.ts'

after(closePlatforms)

for (const each of cases) {
  const { platform, of } = each
  if (of.challenge) {
    const { challenge } = of
    const { search } = new URL(challenge.request.url)

    test(`${platform}: its GET with dots in the names is answered with the challenge alone, as plain text`, async t => {
      const { app, deliveries } = await platformGateway(t, each)

      const answer = await app.inject({ method: 'GET', url: `/hooks/${platform}/bot${search}` })

      assert.deepEqual([answer.statusCode, answer.body], [200, challenge.body])
      assert.match(String(answer.headers['content-type']), /^text\/plain/)
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(deliveries.length, 0)
    })

    test(`${platform}: a GET with another token is refused, and is a security event`, async t => {
      const { app, events } = await platformGateway(t, each)

      const answer = await app.inject({
        method: 'GET',
        url: `/hooks/${platform}/bot${search.replace(/(verify_token=)[^&]*/, '$1other')}`,
      })

      assert.deepEqual([answer.statusCode, answer.json().error.code], [401, 'GTW_SIGNATURE_REFUSED'])
      assert.equal(events.length, 1)
    })

    test(`${platform}: no GET whatsoever is answered otherwise than 401 if it has not the token`, async t => {
      const { app } = await platformGateway(t, each)
      const names = ['hub.mode', 'hub.challenge', 'hub.verify_token', 'hub.mode[]', '__proto__']
      const pairs = fc.array(fc.tuple(fc.constantFrom(...names), fc.string()))
      const query = fc.oneof(
        fc.webQueryParameters(),
        pairs.map(all =>
          all.map(([name, value]) => `${name}=${value.replace(/[^\x21-\x7e]|#/g, '')}`).join('&'),
        ),
      )

      await fc.assert(
        fc.asyncProperty(query, async odd => {
          const answer = await app.inject({ method: 'GET', url: `/hooks/${platform}/bot?${odd}` })
          assert.equal(answer.statusCode, 401, answer.body)
        }),
      )
    })
  } else {
    test(`${platform}: a GET is answered 405`, async t => {
      const { app } = await platformGateway(t, each)

      const answer = await app.inject({ method: 'GET', url: `/hooks/${platform}/bot` })

      assert.deepEqual([answer.statusCode, answer.headers.allow], [405, 'POST'])
    })
  }
}

test('twilio: what is signed is the public url with its query: another path or query is refused', async t => {
  const each = cases.find(({ platform }) => platform === 'twilio')!
  const gateway = await platformGateway(t, each)
  const { headers, body } = gateway.subject.samples[0]!.request
  const call = (url: string) =>
    gateway.app.inject({ method: 'POST', url, headers: headers as never, payload: body })

  const genuine = await call(gateway.path)
  const other = await call(`${gateway.path}&more=1`)
  const bare = await call(gateway.path.split('?')[0]!)

  assert.deepEqual([genuine.statusCode, other.statusCode, bare.statusCode], [200, 401, 401])
})

test('twilio: the address is the public one whatever the Host header says', async t => {
  const each = cases.find(({ platform }) => platform === 'twilio')!
  const gateway = await platformGateway(t, each)
  const { headers, body } = gateway.subject.samples[0]!.request
  const behindProxy = { ...headers, host: '10.0.0.7:8080', 'x-forwarded-host': 'elsewhere.example' }

  const answer = await gateway.app.inject({
    method: 'POST',
    url: gateway.path,
    headers: behindProxy,
    payload: body,
  })

  assert.equal(answer.statusCode, 200)
})
