import { messagingPlatform } from '../meta/messaging-platform.ts'
import type { PlatformDefinition } from '../simulator/definition.ts'

/** Instagram messaging with Instagram login; texts are of 1,000 bytes, which its pages do not say for sure. */
export function instagramPlatform(): PlatformDefinition {
  return messagingPlatform({
    object: 'instagram',
    pagePrefix: '178',
    midPrefix: 'aWdfZAG',
    mostCharacters: 2_000,
    tokenName: 'accessToken',
    pageName: 'accountId',
  })
}
