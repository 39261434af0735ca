import { idAt, textAt, valueAt } from '../json/value-at.ts'
import { textOfRichText } from './text-of-rich-text.ts'

/**
 * What a person did, as text: the value pressed or chosen, what was typed so far, a shortcut as a command, a
 * form's values.
 */
export function textOfPayload(payload: unknown): string | undefined {
  switch (textAt(payload, 'type')) {
    case 'block_actions':
    case 'interactive_message':
      return textOfAction(valueAt(payload, 'actions', '0'))
    case 'shortcut':
    case 'message_action': {
      // A command has no spaces.
      const callback = textAt(payload, 'callback_id')?.replace(/\s+/g, '_')
      return callback === undefined ? undefined : `/${callback}`
    }
    case 'block_suggestion':
    case 'dialog_suggestion':
      return textAt(payload, 'value')
    case 'view_submission':
      return linesOf(valueAt(payload, 'view', 'state', 'values'))
    case 'dialog_submission':
      return linesOf({ form: valueAt(payload, 'submission') })
    default:
      return undefined
  }
}

/** Elements that may be pressed without having a value; others without one were emptied. */
const buttons: ReadonlySet<string | undefined> = new Set([
  undefined,
  'button',
  'workflow_button',
  'icon_button',
])

function textOfAction(action: unknown): string | undefined {
  return valueIn(action) ?? (buttons.has(textAt(action, 'type')) ? textAt(action, 'action_id') : undefined)
}

/** The value of an element: https://docs.slack.dev/reference/block-kit/block-elements. */
function valueIn(element: unknown): string | undefined {
  if (typeof element === 'string') return element || undefined
  const chosen = [...listAt(element, 'selected_options'), valueAt(element, 'selected_option')]
  const values = chosen.map(option => textAt(option, 'value')).filter(value => value !== undefined)
  return textAt(element, 'value') ?? (values.join(' ') || selectedIn(element) || enteredIn(element))
}

const selections = ['date', 'time', 'date_time', 'user', 'channel', 'conversation']

function selectedIn(element: unknown): string | undefined {
  for (const what of selections) {
    const many = listAt(element, `selected_${what}s`).filter(id => typeof id === 'string')
    const value = idAt(element, `selected_${what}`) ?? (many.join(' ') || undefined)
    if (value !== undefined) return value
  }
  return undefined
}

/** A formatted text as a plain one; of files their ids. */
function enteredIn(element: unknown): string | undefined {
  const files = listAt(element, 'files').map(file => textAt(file, 'id'))
  return (
    textOfRichText(valueAt(element, 'rich_text_value')) ??
    (files.filter(id => id !== undefined).join(' ') || undefined)
  )
}

/** A line for each field that has a value, in the order in which they stand. */
function linesOf(blocks: unknown): string | undefined {
  const elements = valuesOf(blocks).flatMap(valuesOf)
  const lines = elements.map(valueIn).filter(value => value !== undefined)
  return lines.length > 0 ? lines.join('\n') : undefined
}

function valuesOf(object: unknown): unknown[] {
  return typeof object === 'object' && object !== null ? Object.values(object) : []
}

function listAt(value: unknown, name: string): unknown[] {
  const list = valueAt(value, name)
  return Array.isArray(list) ? list : []
}
