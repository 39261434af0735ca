import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { repository } from '@botyard/local-infra'
import { freePort, needsTools, until } from '@botyard/testkit'
import { type BalancedGateways, startBalancedGateways, startBalancer } from './balanced-gateways.ts'
import { callAsTelegram, startTraffic } from './platform-calls.ts'
import { openSlowCalls } from './slow-calls.ts'

const config = join(repository, 'infra', 'load-balancer', 'haproxy.cfg')

const needs = needsTools('haproxy')
let gateways: BalancedGateways

before(async () => {
  if (needs.skip === false) gateways = await startBalancedGateways()
})
after(() => gateways?.[Symbol.asyncDispose]())

async function startHaproxy(t: TestContext, more: Record<string, string> = {}) {
  const [first, second] = gateways.places
  const [port, statsPort] = [await freePort(), await freePort()]
  const env = {
    HAPROXY_BIND: `127.0.0.1:${port}`,
    HAPROXY_STATS: `127.0.0.1:${statsPort}`,
    ...{ GATEWAY_1: `127.0.0.1:${first!.port}`, GATEWAY_1_OPS_PORT: String(first!.opsPort) },
    ...{ GATEWAY_2: `127.0.0.1:${second!.port}`, GATEWAY_2_OPS_PORT: String(second!.opsPort) },
    ...more,
  }
  await startBalancer(t, { command: 'haproxy', args: ['-f', config], env, ports: [port, statsPort] })
  /** Of a gateway: 1 if calls are sent to it. */
  const isUp = async (place: number) => {
    const page = await (await fetch(`http://127.0.0.1:${statsPort}/metrics`)).text()
    const label = `{proxy="gateways",server="gateway-${place + 1}",state="UP"}`
    return page.includes(`haproxy_server_status${label} 1`)
  }
  await until(async () => (await isUp(0)) && (await isUp(1)))
  return { port, isUp }
}

test('no call fails while a gateway is killed, comes back, drains and comes back', needs, async t => {
  const { port, isUp } = await startHaproxy(t)
  const traffic = startTraffic(t, port)
  await traffic.answered(150)

  await gateways.running[0]!.process.kill('SIGKILL')
  await traffic.answered(150)
  await until(async () => !(await isUp(0)))
  await gateways.restart(0)
  await until(() => isUp(0))
  await traffic.answered(150)
  const { code } = await gateways.running[1]!.stop()
  await gateways.restart(1)
  await until(() => isUp(1))
  await traffic.answered(150)
  const seen = await traffic.stop()

  assert.deepEqual(Object.keys(seen), ['200'], JSON.stringify(seen))
  assert.equal(code, 0)
})

test('strangers who send slowly are cut, and keep nobody from being served', needs, async t => {
  const { port } = await startHaproxy(t, { HAPROXY_REQUEST_TIMEOUT: '1s' })
  const slow = await openSlowCalls(t, port, 200)

  const genuine = await callAsTelegram({ port })
  const ends = await slow.ended

  assert.equal(genuine.status, 200)
  assert.deepEqual(new Set(ends), new Set(['HTTP/1.1 408 Request Time-out']))
})

test('one address holds no more connections than it may', needs, async t => {
  const { port } = await startHaproxy(t, { HAPROXY_MAX_CONNECTIONS_PER_ADDRESS: '20' })
  const slow = await openSlowCalls(t, port, 40, '127.0.0.9')

  await until(() => slow.refused() === 20)
  const genuine = await callAsTelegram({ port, from: '127.0.0.8' })

  assert.equal(genuine.status, 200)
  assert.equal(slow.refused(), 20)
})

test(
  'large bodies get through, too large ones are told so, and whose call it was arrives',
  needs,
  async t => {
    const { port } = await startHaproxy(t)
    const call = (text: string, more = {}) => callAsTelegram({ port, text, ...more })

    const large = await call('x'.repeat(900 * 1024))
    const tooLarge = await call('x'.repeat(3 * 1024 * 1024), { sends: 128 * 1024 })
    const stranger = await call('hello', { secret: 'wrong', from: '127.0.0.77' })

    assert.equal(large.status, 200)
    assert.equal(tooLarge.status, 413)
    assert.equal(stranger.status, 401)
    const lines = () => gateways.running.flatMap(gateway => gateway.process.lines)
    await until(() => lines().some(line => /security.secret_refused/.test(line)))
    assert.match(lines().find(line => line.includes('security.secret_refused'))!, /"ip":"127\.0\.0\.77"/)
  },
)

test('with no gateway left the platform is told when to come again', needs, async t => {
  const { port, isUp } = await startHaproxy(t)

  await Promise.all(gateways.running.map(gateway => gateway.process.kill('SIGKILL')))
  await until(async () => !(await isUp(0)) && !(await isUp(1)))
  const { status, body, retryAfter } = await callAsTelegram({ port })

  assert.equal(status, 503)
  assert.equal(JSON.parse(body).error.code, 'LB_NO_GATEWAY')
  assert.equal(retryAfter, '2')
})
