import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mail } from '@botyard/mailbox'
import type { SendResult } from '@botyard/platforms'
import { decodeDeadLetter } from '@botyard/queue-contracts'
import { judgeSend } from '../../src/failures/judge-send.ts'
import { botOfSettings } from '../helper.ts'

const bot = botOfSettings('shop', 'http://127.0.0.1')

test('what was sent is done', () => {
  assert.deepEqual(judgeSend({ status: 'sent' }, mail(), bot), { do: 'ack' })
})

test('a final refusal is a dead letter, by whom it blames', () => {
  assert.equal(reasonOf({ status: 'failed', blame: 'message', reason: '400' }), 'WRK_SEND_REFUSED')
  assert.equal(reasonOf({ status: 'failed', blame: 'recipient', reason: '403' }), 'WRK_RECIPIENT_GONE')
})

test('refused credentials stop the whole bot; those of a tenant stop the chat', () => {
  const refused: SendResult = { status: 'failed', blame: 'credentials', reason: '401' }

  assert.deepEqual(judgeSend(refused, mail(), bot, { pauseMs: 7 }), { do: 'pause', afterMs: 7 })
  const ofTenant = judgeSend(refused, mail(), bot, { pauseMs: 7, isOfTenant: true })
  assert.deepEqual(ofTenant, { do: 'retry', afterMs: 7, counts: false })
})

test('a pause that the platform asks for counts no try, an error does, and the twelfth is the last', () => {
  const limited = judgeSend(
    { status: 'retry', counts: false, afterMs: 3_000, reason: '429' },
    mail({ tries: 40 }),
    bot,
  )
  const error: SendResult = { status: 'retry', counts: true, afterMs: undefined, reason: '502' }
  const failed = judgeSend(error, mail({ tries: 10 }), bot)

  assert.deepEqual(limited, { do: 'retry', afterMs: 3_000, counts: false })
  assert.equal(failed.do === 'retry' && failed.counts, true)
  assert.equal(reasonOf(error, mail({ tries: 11 })), 'WRK_SEND_FAILED')
})

test('of an uncertain send the bot’s policy says what becomes of it', () => {
  const uncertain: SendResult = { status: 'uncertain', reason: 'timeout' }
  const under = (uncertainSends: 'resend' | 'drop' | 'hold') =>
    judgeSend(uncertain, mail(), { ...bot, settings: { uncertainSends } })

  assert.equal(under('resend').do, 'retry')
  assert.equal(under('drop').do, 'dead')
  assert.deepEqual(under('hold'), { do: 'park', reason: 'WRK_SEND_UNCERTAIN' })
})

function reasonOf(result: SendResult, of = mail()): string {
  const disposition = judgeSend(result, of, bot)
  assert.ok(disposition.do === 'dead')
  assert.equal(decodeDeadLetter(disposition.letter).note.reason, disposition.reason)
  return disposition.reason
}

function mail(more: Partial<Mail> = {}): Mail {
  return {
    ...{ conversation: 'shop/AAAAAAAAAAAAAAAAAAAAAA', partition: 0, acceptedAtMs: 1, tries: 0 },
    ...{
      hash: Buffer.alloc(16),
      body: Buffer.from('sealed'),
      crashesAlone: 0,
      blamed: 0,
      interrupted: false,
    },
    checkHold: () => undefined,
    ...more,
  } as Mail
}
