import { messagingPlatform } from '../meta/messaging-platform.ts'
import type { PlatformDefinition } from '../simulator/definition.ts'

/** Instagram messaging with Instagram login; texts are of 1,000 bytes. */
export function createPlatform(): PlatformDefinition {
  return messagingPlatform({
    object: 'instagram',
    pagePrefix: '178',
    midPrefix: 'aWdfZAG',
    longest: { bytes: 1_000 },
    tokenName: 'accessToken',
    pageName: 'accountId',
  })
}
