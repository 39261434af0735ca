import { defineBot } from '@botyard/bot-kit'

/** Takes every update and does nothing, so that a benchmark measures the way to it. */
export default defineBot({ onMessage() {} })
