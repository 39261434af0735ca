import { type CallAttempt, createPlatformSimulator, type PlatformFactory } from '@botyard/platform-simulators'
import type { Attempt, SimulatedPlatform } from './platform.ts'

/** Calls at once: as many as busy platforms make. */
const connections = 100

/** Redelivery waits for a tenth of what the platform would: a minute of Slack's is six seconds. */
const timeScale = 0.1

/** Makes a platform of the testkit one for the ledger. */
export function simulatedPlatform(name: string, factory: PlatformFactory): SimulatedPlatform {
  return {
    name,
    async start({ random, duplicateShare, onAttempt, onReply }) {
      const simulator = await createPlatformSimulator(factory(), {
        record: false,
        onShown: ({ chat, text }) => onReply(chat, text),
      })
      return {
        credentials: simulator.credentials,
        allowance: simulator.allowance,
        get throttled() {
          return simulator.throttled
        },
        connect: ({ webhookUrl: url, publicUrl }) =>
          simulator.connect({
            url,
            publicUrl,
            maxConnections: connections,
            timeScale,
            losesAnswer: () => random() < duplicateShare,
            onAttempt: attempt => onAttempt(read(attempt)),
          }),
        send: async (chat, text) => (await simulator.write(chat, text)).status,
        close: () => simulator.close(),
      }
    },
  }
}

function read({ outcome, accepted, duplicate, tookMs }: CallAttempt<unknown>): Attempt {
  if (outcome.kind === 'failed') return { answer: outcome.reason, tookMs, duplicate }
  const { status } = outcome
  const isOdd = outcome.kind === 'answered' && !accepted && status >= 200 && status <= 299
  const answer = isOdd ? `${status}, not as the platform wants it` : status
  const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined
  return { answer, tookMs, duplicate, retryAfter }
}
