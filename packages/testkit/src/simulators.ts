import { customPlatform } from './custom/platform.ts'
import { instagramPlatform } from './instagram/platform.ts'
import { linePlatform } from './line/platform.ts'
import { messengerPlatform } from './messenger/platform.ts'
import type { PlatformFactory } from './platform-simulator/definition.ts'
import { twilioPlatform } from './twilio/platform.ts'
import { viberPlatform } from './viber/platform.ts'
import { whatsappPlatform } from './whatsapp/platform.ts'

/** The platforms that share one kind of simulator, by the names that the admin API has for them; Telegram has its own. */
export const platformFactories: Readonly<Record<string, PlatformFactory>> = {
  custom: customPlatform,
  instagram: instagramPlatform,
  line: linePlatform,
  messenger: messengerPlatform,
  twilio: twilioPlatform,
  viber: viberPlatform,
  whatsapp: whatsappPlatform,
}
