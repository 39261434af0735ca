import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '@botyard/local-infra'
import { freePort, needsTools, until } from '@botyard/testkit'
import { startBalancedGateways, startBalancer } from './balanced-gateways.ts'
import { callAsTelegram, startTraffic } from './platform-calls.ts'

const example = join(repository, 'infra', 'load-balancer', 'nginx.conf')

test(
  'nginx: no call fails while a gateway is killed and one drains, and whose call it was arrives',
  needsTools('nginx'),
  async t => {
    await using gateways = await startBalancedGateways()
    const port = await freePort()
    const folder = await mkdtemp(join(tmpdir(), 'botyard-nginx-'))
    t.after(() => rm(folder, { recursive: true }))
    const [first, second] = gateways.places
    const text = (await readFile(example, 'utf8'))
      .replace('127.0.0.1:8080', `127.0.0.1:${first!.port}`)
      .replace('127.0.0.1:8090', `127.0.0.1:${second!.port}`)
      .replace('127.0.0.1:8085', `127.0.0.1:${port}`)
    const file = join(folder, 'nginx.conf')
    await writeFile(file, mainConfig(folder, text))
    await startBalancer(t, { command: 'nginx', args: ['-c', file, '-p', folder], ports: [port] })
    const traffic = startTraffic(t, port)
    await traffic.answered(150)

    await gateways.running[0]!.process.kill('SIGKILL')
    await traffic.answered(150)
    await gateways.restart(0)
    // nginx tries it again a second after its last failure; until then the other one is all there is.
    await until(() => hasReceived(first!.opsPort))
    await traffic.answered(150)
    await gateways.running[1]!.stop()
    await traffic.answered(150)
    const seen = await traffic.stop()
    await callAsTelegram({ port, secret: 'wrong', from: '127.0.0.78' })
    const lines = () => gateways.running.flatMap(gateway => gateway.process.lines)
    await until(() => lines().some(line => line.includes('security.secret_refused')))
    await gateways.running[0]!.process.kill('SIGKILL')
    const { status, retryAfter } = await callAsTelegram({ port })

    assert.deepEqual(Object.keys(seen), ['200'], JSON.stringify(seen))
    assert.match(lines().find(line => line.includes('security.secret_refused'))!, /"ip":"127\.0\.0\.78"/)
    assert.deepEqual([status, retryAfter], [503, '2'])
  },
)

async function hasReceived(opsPort: number): Promise<boolean> {
  const page = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text()
  return /^botyard_updates_received_total\{.*outcome="accepted".*\} [1-9]/m.test(page)
}

/** What an installation has around the example. */
function mainConfig(folder: string, example: string): string {
  return `daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
${example}
}
`
}
