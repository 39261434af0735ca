import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { freePort } from '@botyard/testkit'
import { cases, closePlatforms, platformGateway } from './platform-gateway.ts'

after(closePlatforms)

/** Where the platform's keys are fetched from, by the name in the credentials. */
const keyAddresses: Record<string, string> = { teams: 'openIdUrl', 'google-chat': 'jwksUrl' }

for (const [platform, name] of Object.entries(keyAddresses)) {
  test(`${platform}: while its keys cannot be fetched calls are answered 503 with Retry-After, and nothing is stored`, async t => {
    const of = cases.find(each => each.platform === platform)!.of
    const nowhere = `http://127.0.0.1:${await freePort()}/keys`
    const start = async () => {
      const started = await of.start!()
      return { ...started, credentials: { ...(started.credentials as object), [name]: nowhere } }
    }
    const { app, path, subject, deliveries, logLines, events } = await platformGateway(t, {
      platform,
      of: { ...of, start },
    })
    const { headers, body } = subject.samples[0]!.request

    const answer = await app.inject({ method: 'POST', url: path, headers: headers as never, payload: body })

    assert.equal(answer.statusCode, 503, answer.body)
    assert.equal(answer.json().error.code, 'GTW_KEYS_UNAVAILABLE')
    assert.equal(answer.headers['retry-after'], '5')
    assert.equal(deliveries.length, 0)
    assert.deepEqual(events, [])
    assert.deepEqual(
      logLines.map(({ level, code }) => [level, code]),
      [[30, 'GTW_KEYS_UNAVAILABLE']],
    )
  })
}
