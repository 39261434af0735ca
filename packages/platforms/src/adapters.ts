import type { Platform } from '@botyard/queue-contracts'
import type { PlatformAdapter } from './adapter.ts'
import { custom } from './custom/adapter.ts'
import { discord } from './discord/adapter.ts'
import { github } from './github/adapter.ts'
import { googleChat } from './google-chat/adapter.ts'
import { instagram } from './instagram/adapter.ts'
import { line } from './line/adapter.ts'
import { mattermost } from './mattermost/adapter.ts'
import { messenger } from './messenger/adapter.ts'
import { slack } from './slack/adapter.ts'
import { teams } from './teams/adapter.ts'
import { telegram } from './telegram/adapter.ts'
import { twilio } from './twilio/adapter.ts'
import { viber } from './viber/adapter.ts'
import { whatsapp } from './whatsapp/adapter.ts'
import { zulip } from './zulip/adapter.ts'

/**
 * All platforms by name. Who looks an adapter up by a bot's platform gives it that bot's credentials, which were checked
 * against the adapter's own schema when the bot was stored; the compiler cannot know that the two belong together.
 */
export const adapters: Record<Platform, PlatformAdapter> = {
  custom,
  discord,
  github,
  'google-chat': googleChat,
  instagram,
  line,
  mattermost,
  messenger,
  slack,
  teams,
  telegram,
  twilio,
  viber,
  whatsapp,
  zulip,
}
