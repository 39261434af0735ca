import type { UpdateKind } from '@botyard/queue-contracts'
import { textAt, valueAt } from '../json/value-at.ts'

/**
 * What the types of activities mean here; `message` and `invoke` are looked at more closely, all others are
 * `other`.
 */
const kinds = new Map<string, UpdateKind>([
  ['messageUpdate', 'edit'],
  ['messageReaction', 'reaction'],
  ['conversationUpdate', 'membership'],
  ['installationUpdate', 'membership'],
  ['contactRelationUpdate', 'membership'],
])

/**
 * The invokes of Teams whose meaning is known: https://learn.microsoft.com/microsoftteams/platform/bots/
 * (invoke names).
 */
const invokes = new Map<string, UpdateKind>([
  ['adaptiveCard/action', 'button'],
  ['actionableMessage/executeAction', 'button'],
  ['fileConsent/invoke', 'button'],
  ['task/fetch', 'button'],
  ['composeExtension/fetchTask', 'button'],
  ['composeExtension/selectItem', 'button'],
  ['composeExtension/onCardButtonClicked', 'button'],
  ['config/fetch', 'button'],
  ['message/fetchTask', 'button'],
  ['message/submitAction', 'button'],
  ['suggestedActions/submit', 'button'],
  ['task/submit', 'modal'],
  ['tab/submit', 'modal'],
  ['config/submit', 'modal'],
  ['composeExtension/submitAction', 'modal'],
  ['application/search', 'autocomplete'],
  ['composeExtension/query', 'autocomplete'],
])

/** The kind of an activity; `by text` tells commands from messages. */
export function kindOfActivity(activity: unknown): UpdateKind | 'by text' {
  const type = textAt(activity, 'type') ?? ''
  switch (type) {
    case 'message':
      // A card's Action.Submit comes as a message with a value.
      return hasValue(activity) ? 'button' : 'by text'
    case 'invoke':
      return invokes.get(textAt(activity, 'name') ?? '') ?? 'other'
    default:
      return kinds.get(type) ?? 'other'
  }
}

/** Whether an activity carries the data of a card or form. */
export function hasValue(activity: unknown): boolean {
  const value = valueAt(activity, 'value')
  return value !== undefined && value !== null
}
