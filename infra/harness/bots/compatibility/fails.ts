import { defineBot } from '@botyard/bot-kit'

/** Throws at whatever it is sent, so that there is a dead letter. */
export default defineBot({
  onMessage: () => {
    throw new Error('this bot fails')
  },
})
