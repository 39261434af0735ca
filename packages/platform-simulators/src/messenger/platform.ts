import { messagingPlatform } from '../meta/messaging-platform.ts'
import type { PlatformDefinition } from '../simulator/definition.ts'

/** Messenger Platform. */
export function createPlatform(): PlatformDefinition {
  return messagingPlatform({
    object: 'page',
    pagePrefix: '10',
    midPrefix: 'm_',
    longest: { characters: 2_000 },
    tokenName: 'pageAccessToken',
    pageName: 'pageId',
  })
}
