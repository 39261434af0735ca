/**
 * The types of interactions, by Discord's names:
 * https://docs.discord.com/developers/interactions/receiving-and-responding.
 */
export const interactionNames: ReadonlyMap<unknown, string> = new Map([
  [2, 'APPLICATION_COMMAND'],
  [3, 'MESSAGE_COMPONENT'],
  [4, 'APPLICATION_COMMAND_AUTOCOMPLETE'],
  [5, 'MODAL_SUBMIT'],
])

/** Those, and webhook events: https://docs.discord.com/developers/events/webhook-events#event-types. */
export const discordEvents: ReadonlySet<string> = new Set([
  ...interactionNames.values(),
  'APPLICATION_AUTHORIZED',
  'APPLICATION_DEAUTHORIZED',
  'ENTITLEMENT_CREATE',
  'ENTITLEMENT_UPDATE',
  'ENTITLEMENT_DELETE',
  'QUEST_USER_ENROLLMENT',
  'LOBBY_MESSAGE_CREATE',
  'LOBBY_MESSAGE_UPDATE',
  'LOBBY_MESSAGE_DELETE',
  'GAME_DIRECT_MESSAGE_CREATE',
  'GAME_DIRECT_MESSAGE_UPDATE',
  'GAME_DIRECT_MESSAGE_DELETE',
])
