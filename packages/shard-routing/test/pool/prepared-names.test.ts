import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PreparedNames } from '../../src/pool/prepared-names.ts'

test('a text is named from its second use on, the same each time, and anew after a migration', () => {
  const names = new PreparedNames()

  assert.equal(names.nameOf('select $1'), undefined)
  const name = names.nameOf('select $1')
  assert.match(name ?? '', /^b0_[0-9a-f]{24}$/)
  assert.equal(names.nameOf('select $1'), name)

  names.renew()
  names.nameOf('select $1')
  assert.equal(names.nameOf('select $1'), name?.replace('b0', 'b1'))
})

test('a server keeps five hundred statements at most, and texts that never come again take no place', () => {
  const names = new PreparedNames()
  for (let n = 0; n < 5_000; n++) names.nameOf(`select $1 -- once ${n}`)
  for (let n = 0; n < 600; n++) for (let use = 0; use < 2; use++) names.nameOf(`select $1 -- ${n}`)

  assert.notEqual(names.nameOf('select $1 -- 499'), undefined)
  assert.equal(names.nameOf('select $1 -- 500'), undefined)
})
