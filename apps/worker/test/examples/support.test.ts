import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadBots } from '../../src/handlers/load-bots.ts'
import { rig, until } from '../helper.ts'
import { exampleBots } from './example-bots.ts'

test('the support bot answers what a customer asks, from a thread', async t => {
  const { start, deliver, api } = await rig(t, { support: {} })
  const handlers = await loadBots(exampleBots)
  await start({ handlers })

  await deliver(1, 'Hi! Where is my order #48213? It was due on Monday.')
  await deliver(2, 'I want my money back')
  await deliver(3, 'THIS IS A TERRIBLE SHOP. Let me talk to a person!')
  await deliver(4, 'When do you open on Saturday?')
  await deliver(5, 'please cancel orders AB-4711 and AB-4719')
  await until(() => api.sent.length === 7)

  assert.deepEqual([...handlers.keys()], ['diary', 'echo', 'oracle', 'support'])
  assert.deepEqual(api.textsOf(1), ['Your order 48213 is on its way.'])
  assert.deepEqual(api.textsOf(2), ['Which order is it about? Its number is in our mail, such as #48213.'])
  assert.deepEqual(api.textsOf(3), [
    'I am sorry that you have this trouble.',
    'I have asked a colleague to join us here. It takes a few minutes.',
  ])
  assert.match(api.textsOf(4).join(), /^We are open/)
  assert.deepEqual(api.textsOf(5), [
    'Your order AB-4711 is cancelled.',
    'I cannot find an order AB-4719. Is that its number?',
  ])
})
