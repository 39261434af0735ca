import { customPlatform } from './custom/platform.ts'
import { discordPlatform } from './discord/platform.ts'
import { githubPlatform } from './github/platform.ts'
import { googleChatPlatform } from './google-chat/platform.ts'
import { instagramPlatform } from './instagram/platform.ts'
import { linePlatform } from './line/platform.ts'
import { mattermostPlatform } from './mattermost/platform.ts'
import { messengerPlatform } from './messenger/platform.ts'
import type { PlatformFactory } from './simulator/definition.ts'
import { slackPlatform } from './slack/platform.ts'
import { teamsPlatform } from './teams/platform.ts'
import { twilioPlatform } from './twilio/platform.ts'
import { viberPlatform } from './viber/platform.ts'
import { whatsappPlatform } from './whatsapp/platform.ts'
import { zulipPlatform } from './zulip/platform.ts'

/** The platforms that share one kind of simulator, by the names that the admin API has for them; Telegram has its own. */
export const platformFactories: Readonly<Record<string, PlatformFactory>> = {
  custom: customPlatform,
  discord: discordPlatform,
  github: githubPlatform,
  'google-chat': googleChatPlatform,
  instagram: instagramPlatform,
  line: linePlatform,
  mattermost: mattermostPlatform,
  messenger: messengerPlatform,
  slack: slackPlatform,
  teams: teamsPlatform,
  twilio: twilioPlatform,
  viber: viberPlatform,
  whatsapp: whatsappPlatform,
  zulip: zulipPlatform,
}
