import { createBroadcastStore } from '@botyard/control-database/broadcasts'
import { countSealed, countUnopenable } from '@botyard/control-database/keys'
import { createKeyring } from '@botyard/service-kit'
import type { TestProcess } from '@botyard/testkit'
import { startBotApi } from '../../shared/bot-api.ts'
import type { LedgerReport } from '../../shared/report.ts'
import { waitWhileItMoves } from '../../shared/wait.ts'
import { createOperator } from './operator.ts'
import type { RotateOptions } from './options.ts'
import { blockedFrom, type People, startPeople } from './people.ts'
import { type Rotation, rotateOnce } from './rotate-once.ts'
import { bot, type RotatedSystem, startRotatedSystem } from './rotated-system.ts'

/** Without an answer for so long, an update counts as lost, in ms. */
const patienceMs = 20_000

/**
 * Rotates the keys of a running system by its own command line while people talk, and draws up the account:
 * every update that was accepted is answered once and in order, no process was restarted or logged an error,
 * and all that is left opens under the last key.
 */
export async function runRotate(options: RotateOptions, say: (line: string) => void): Promise<LedgerReport> {
  const { rotations, updates, recipients, seconds } = options
  let people: People | undefined
  const announced = new Map<number, number>()
  const platform = await startBotApi(({ chat: id, text }) => {
    const chat = Number(id)
    if (text === 'to all') announced.set(chat, (announced.get(chat) ?? 0) + 1)
    else people?.hear(chat, text)
    return chat < blockedFrom
      ? undefined
      : { status: 403, description: 'Forbidden: bot was blocked by the user' }
  })
  await using stack = new AsyncDisposableStack()
  stack.defer(() => platform.close())
  const system = stack.adopt(await startRotatedSystem({ ...options, apiRoot: platform.url }), it =>
    it.close(),
  )
  const { processes, files } = system
  const operator = createOperator(system.admin)
  await operator.until(status => status.processes.length === processes.size)
  say(`${processes.size} processes run; people write ${updates} updates a second`)
  people = startPeople({ ...system.webhook, perSecond: updates })
  stack.defer(() => people?.stop(0))

  const done: Rotation[] = []
  for (let n = 0; n < rotations; n++) {
    const next = `k${n + 2}`
    say(`\nRotation to ${next}: envelopes by key`)
    done.push(await rotateOnce(operator, files, { next, talkMs: seconds * 1000, say }))
  }

  await people.stop(patienceMs)
  const sent = await sendBroadcast(system, recipients)
  const { accepted, refused, answered, doubled, disordered } = people.talk
  const { unreadable, deadLetters } = await openAll(system)
  const errors = [...processes].flatMap(([name, child]) => errorsOf(name, child))
  const stopped = [...processes].filter(([, child]) => !child.running).map(([name]) => name)
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0)

  const ledger = {
    rotations: rotations,
    'updates accepted': accepted,
    'updates handled and answered': answered,
    'updates lost': accepted - answered,
    'answers doubled': doubled,
    'answers out of order': disordered,
    'calls not answered 200': refusals,
    'dead letters, of chats that block the bot': deadLetters,
    're-encrypted': done.reduce((sum, { reencrypted }) => sum + reencrypted, 0),
    'times an old key was refused to go': done.reduce((sum, { refusals }) => sum + refusals, 0),
    'recipients of the broadcast that waited': `${sent} of ${recipients}`,
    'unreadable under the last key': unreadable,
    'errors logged': errors.length,
    'processes that ended': stopped.length,
  }
  const problems = [
    ...done.flatMap(({ problems }) => problems),
    ...(accepted === 0 ? ['no update was accepted'] : []),
    ...(accepted !== answered ? [`${accepted - answered} updates were lost`] : []),
    ...(doubled > 0 ? [`${doubled} answers came twice`] : []),
    ...(disordered > 0 ? [`${disordered} answers overtook others of their chat`] : []),
    ...Object.entries(refused).map(([status, count]) => `${count} calls were answered ${status}`),
    ...(deadLetters === 0 ? ['no dead letter lay under the old keys: nothing was proven of them'] : []),
    ...(sent !== recipients ? [`the broadcast reached ${sent} of ${recipients} once`] : []),
    ...(unreadable > 0 ? [`${unreadable} envelopes do not open under the last key`] : []),
    ...errors,
    ...stopped.map(name => `${name} ended`),
  ]
  return { ledger, problems, facts: { steps: done.map(({ steps }) => steps) } }

  /** How many of its recipients got it once. */
  async function sendBroadcast({ db, broadcast }: RotatedSystem, recipients: number): Promise<number> {
    const broadcasts = createBroadcastStore(db, createKeyring(files.now))
    await broadcasts.steer(bot, broadcast, 'running')
    await waitWhileItMoves(() => announced.size, { isDone: reached => reached >= recipients, patienceMs })
    return [...announced.values()].filter(times => times === 1).length
  }
}

/** Opens what is durable with the last key alone. */
async function openAll({
  db,
  files,
  broadcast,
}: RotatedSystem): Promise<{ unreadable: number; deadLetters: number }> {
  const keyring = createKeyring(files.now)
  const { active } = files.now
  let unreadable = 0
  for (const table of ['bots', 'broadcasts', 'dead_letters']) {
    unreadable += await countUnopenable(db, keyring, table, active)
    const { counts } = await countSealed(db, Number.POSITIVE_INFINITY)
    for (const [id, count] of Object.entries(counts[table] ?? {})) if (id !== active) unreadable += count
  }
  // Throws for the first one that does not open.
  await createBroadcastStore(db, keyring).recipients(broadcast, 0, 1_000_000)
  const letters = await db.selectFrom('dead_letters').select('id').execute()
  return { unreadable, deadLetters: letters.length }
}

/** Lines of the log that should not be there; what the blocked chats bring about is expected. */
function errorsOf(name: string, { lines }: TestProcess): string[] {
  return lines
    .filter(line => !line.startsWith('{') || /"level":"(error|fatal)"/.test(line))
    .filter(line => !line.includes(' given up, see the dead letters"'))
    .map(line => `${name} said: ${line.slice(0, 300)}`)
}
