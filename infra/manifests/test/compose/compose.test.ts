import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClientAddresses } from '@botyard/service-kit'
import { Compile } from 'typebox/schema'
import { infraFolder, interpolate, namesIn, networksOf, readCompose } from '../../src/read-compose.ts'

const compose = readCompose()
const services = Object.entries(compose.services)

test('compose.yaml is what the Compose Specification says', () => {
  const file = join(import.meta.dirname, '../schemas/compose-spec.json')
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, 'utf8'))

  const [, errors] = Compile(schema).Errors(compose)

  assert.deepEqual(errors, [])
})

test('every image is named by an exact version', () => {
  for (const [name, { image }] of services) assert.match(image, /:v?\d+\.\d+(\.\d+)?(-[\w.]+)?$/, name)
})

test('every service has a read-only root, no capabilities, and no way to gain any', () => {
  for (const [name, service] of services) {
    assert.equal(service.read_only, true, name)
    assert.deepEqual(service.cap_drop, ['ALL'], name)
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
  }
})

test('only the load balancer is reached from other machines', () => {
  const published = services.filter(([, { ports = [] }]) =>
    ports.some(port => !port.startsWith('127.0.0.1:')),
  )

  assert.deepEqual(
    published.map(([name]) => name),
    ['load-balancer'],
  )
})

test('databases are in one network alone, which has no way in or out', () => {
  for (const name of ['redis', 'cache', 'control', 'shard-1', 'shard-2'])
    assert.deepEqual(networksOf(compose.services[name]!), ['data'], name)
  assert.equal(compose.networks.data?.internal, true)
})

test('Prometheus reaches the apps, and nobody from outside reaches it', () => {
  assert.equal(compose.networks.ops?.internal, true)
  const apps = services.filter(([, { build, command }]) => build !== undefined && command === undefined)
  for (const [name, service] of apps) assert.ok(networksOf(service).includes('ops'), name)
  assert.equal(compose.services.prometheus?.ports, undefined)
})

test('every secret that a service mounts is declared, and used by it; every declared one is mounted', () => {
  const mounted = new Set(services.flatMap(([, { secrets = [] }]) => secrets))
  assert.deepEqual([...mounted].sort(), Object.keys(compose.secrets).sort())

  for (const [name, { secrets = [], environment = {}, command = [], volumes = [] }] of services) {
    const said = JSON.stringify([environment, command, volumes.map(textOfFolder)])
    for (const secret of secrets) assert.ok(said.includes(`/run/secrets/${secret}`), `${name} uses ${secret}`)
    const used = said.matchAll(/\/run\/secrets\/(\w+)/g).map(([, secret]) => secret!)
    for (const secret of used) assert.ok(secrets.includes(secret), `${name} has no ${secret}`)
  }
})

test('every file and folder that is mounted exists, and every volume and network is declared', () => {
  for (const [name, service] of services) {
    for (const network of networksOf(service)) assert.ok(network in compose.networks, `${name}: ${network}`)
    for (const volume of service.volumes ?? []) {
      const source = interpolate(volume).split(':')[0]!
      const isThere = source.startsWith('.')
        ? existsSync(join(infraFolder, source))
        : source in compose.volumes
      assert.ok(isThere, `${name} mounts ${source}`)
    }
    const { context, dockerfile } = service.build ?? {}
    if (context && dockerfile) assert.ok(existsSync(join(infraFolder, context, dockerfile)), name)
  }
})

test('who waits for a service to be healthy waits for one that says so', () => {
  for (const [name, { depends_on = {} }] of services) {
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const service = compose.services[other]
      assert.ok(service, `${name} waits for ${other}`)
      // The apps' images bring a health check of their own.
      const isHealthy = service.build !== undefined || service.healthcheck?.test !== undefined
      const ends = service.command?.[0] === 'src/migrate.ts'
      const expected = ends ? 'service_completed_successfully' : isHealthy ? 'service_healthy' : 'none'
      assert.equal(condition, expected, `${name} waits for ${other}`)
    }
  }
})

test('the load balancer is told what its file asks for', () => {
  const file = readFileSync(join(infraFolder, 'load-balancer/haproxy.cfg'), 'utf8')

  for (const [variable, address] of Object.entries(compose.services['load-balancer']!.environment!)) {
    assert.ok(file.includes(`\${${variable}`), variable)
    assert.deepEqual(shared('load-balancer', address.split(':')[0]!), ['edge'])
  }
})

test('gateways trust the load balancer alone, and not the address by which Docker shows callers to it', () => {
  const [{ subnet, gateway: bridge = '', ip_range: given = '' }] = compose.networks.edge!.ipam!.config as [
    { subnet: string; gateway?: string; ip_range?: string },
  ]
  const { networks } = compose.services['load-balancer']!
  const balancer = Array.isArray(networks) ? undefined : networks.edge?.ipv4_address

  for (const name of ['gateway-1', 'gateway-2'])
    assert.equal(compose.services[name]!.environment!.TRUST_PROXY, balancer, name)
  const addresses = createClientAddresses([balancer!])
  // What its proxy of ports does with IPv6 and local callers. HAProxy appends whom it sees.
  assert.equal(addresses.of(balancer, `198.51.100.7, ${bridge}`), bridge)
  assert.equal(addresses.of(balancer, '198.51.100.7, 203.0.113.9'), '203.0.113.9')
  const isIn = (range: string, address: string) => createClientAddresses([range]).isTrusted(address)
  assert.ok(isIn(subnet, balancer!) && isIn(subnet, bridge))
  // The gateways start first: they must not be given the load balancer's address, nor the bridge.
  assert.ok(!isIn(given, balancer!) && !isIn(given, bridge))
})

test('what Prometheus scrapes, and what Grafana asks, has that name in a network of theirs', () => {
  const scraped = readFileSync(join(infraFolder, 'monitoring/prometheus/prometheus.yml'), 'utf8')
  const names = scraped.matchAll(/names: \[(\w+)\]/g).map(([, name]) => name!)
  for (const name of names) assert.deepEqual(shared('prometheus', name), ['ops'], name)

  const source = 'monitoring/grafana/provisioning/datasources/prometheus.yml'
  const [, asked] = /url: http:\/\/(\w+):9090/.exec(readFileSync(join(infraFolder, source), 'utf8')) ?? []
  assert.deepEqual(shared('grafana', asked!), ['watching'])
})

/** The networks of a service in which another one has this name. */
function shared(service: string, name: string): string[] {
  return networksOf(compose.services[service]!).filter(network =>
    services.some(([other, one]) => namesIn(network, other, one).includes(name)),
  )
}

/** What lies in a folder that a service mounts: scripts that read secrets too. */
function textOfFolder(volume: string): string {
  const [source = ''] = volume.split(':')
  const script = join(infraFolder, source, '10-botyard.sql')
  return existsSync(script) ? readFileSync(script, 'utf8') : ''
}
