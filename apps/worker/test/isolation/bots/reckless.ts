import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { defineBot } from '@botyard/bot-kit'

const endless = /^(a+)+$/

/** Does what no bot should, by what it is told; else it repeats what it is told. */
export default defineBot({
  async onMessage(ctx) {
    const { text = '' } = ctx.update
    switch (text) {
      case 'reject and return':
        void Promise.reject(new Error('nobody awaits me'))
        break
      case 'reject and wait':
        setTimeout(() => void fail(), 1)
        await new Promise((_, reject) =>
          ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)),
        )
        break
      case 'throw in a timer':
        setTimeout(() => {
          throw new Error('nobody catches me')
        }, 1)
        await new Promise((_, reject) =>
          ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)),
        )
        break
      case 'reject later':
        setTimeout(() => void fail(), 300)
        break
      case 'loop':
        for (;;) Buffer.from(text)
      case 'loop later':
        await new Promise(resolve => setImmediate(resolve))
        endless.test(`${'a'.repeat(64)}b`)
        break
      case 'sleep in the system':
        execFileSync('sleep', ['60'])
        break
      case 'exit':
        process.exit(0)
    }
    await ctx.reply(text)
  },
})

async function fail(): Promise<void> {
  throw new Error('nobody awaits me')
}
