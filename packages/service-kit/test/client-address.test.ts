import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedAddress, createClientAddresses } from '../src/index.ts'

const proxy = '10.0.0.1'
const addresses = createClientAddresses(['10.0.0.0/8', 'fd00::/8', '192.0.2.9'])

const chains: [what: string, forwarded: string | string[] | undefined, client: string][] = [
  ['no header', undefined, proxy],
  ['one address', '203.0.113.7', '203.0.113.7'],
  ['a port', '203.0.113.7:50001', '203.0.113.7'],
  ['an IPv6 address', '2001:db8::7', '2001:db8::7'],
  ['brackets', '[2001:db8::7]', '2001:db8::7'],
  ['brackets and a port', '[2001:db8::7]:443', '2001:db8::7'],
  ['quotes', '"[2001:db8::7]:443"', '2001:db8::7'],
  ['a mapped address', '::ffff:203.0.113.7', '203.0.113.7'],
  ['a mapped address in brackets with a port', '[::ffff:203.0.113.7]:1', '203.0.113.7'],
  ['a proxy before the proxy', '203.0.113.7, 10.9.9.9', '203.0.113.7'],
  ['a proxy that is trusted by its address', '203.0.113.7, 192.0.2.9:80', '203.0.113.7'],
  ['what the client itself claims', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['several headers', ['198.51.100.1', '203.0.113.7'], '203.0.113.7'],
  ['junk', 'unknown', proxy],
  ['junk before a proxy', 'junk-5, 10.9.9.9', '10.9.9.9'],
  ['an empty entry', '203.0.113.7, ', proxy],
  ['a number', '3405803783', proxy],
  ['an octal address', '0313.0.0161.7', proxy],
  ['a zone', 'fe80::1%eth0', proxy],
  ['a port alone', ':80', proxy],
]

for (const [what, forwarded, client] of chains) {
  test(`behind a trusted proxy ${what} makes the client ${client}`, () => {
    assert.equal(addresses.of(proxy, forwarded), client)
    assert.equal(addresses.of(proxy, forwarded), client, 'and so does the remembered one')
  })
}

test('a stranger without a trusted proxy is its own address, whatever it claims', () => {
  assert.equal(addresses.of('203.0.113.9', '198.51.100.1'), '203.0.113.9')
  assert.equal(createClientAddresses([]).of('203.0.113.9', '198.51.100.1'), '203.0.113.9')
  assert.equal(createClientAddresses([]).of('::ffff:203.0.113.9', undefined), '203.0.113.9')
})

test('a header of a thousand trusted proxies ends at one of them', () => {
  for (let spaces = 0; spaces < 12; spaces++) {
    const forwarded = `203.0.113.7,${'10.1.1.1,'.repeat(1000)}${' '.repeat(spaces)}10.1.1.1`

    assert.equal(addresses.of(proxy, forwarded), '10.1.1.1', 'wherever the header is cut')
  }
})

test('only the end of a connection that is a proxy is trusted', () => {
  assert.deepEqual(
    [proxy, '::ffff:10.0.0.1', 'fd00::1', '203.0.113.9', undefined].map(peer => addresses.isTrusted(peer)),
    [true, true, true, false, false],
  )
})

test('an IPv6 caller is counted by its /64, a mapped IPv4 address as IPv4', () => {
  assert.equal(countedAddress('2001:db8:1:2::1'), countedAddress('2001:db8:1:2:ffff::9'))
  assert.notEqual(countedAddress('2001:db8:1:2::1'), countedAddress('2001:db8:1:3::1'))
  assert.equal(countedAddress('::ffff:203.0.113.7'), '203.0.113.7')
  assert.equal(countedAddress('203.0.113.7'), '203.0.113.7')
  assert.equal(countedAddress('no address: at all'), 'no address: at all')
})
