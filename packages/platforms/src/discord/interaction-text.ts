import { textAt, valueAt } from '../json/value-at.ts'

/** A subcommand's options stand within it, and a group's subcommands within that. */
const deepest = 3

/**
 * A command as people write it: `/name`, the subcommand, and the values of its options, joined by spaces. A
 * command of a context menu has the id of what it was chosen on; spaces of its name become `_`, as a
 * command's name has none.
 */
export function textOfCommand(data: unknown): string | undefined {
  const name = textAt(data, 'name')
  if (name === undefined) return undefined
  const target = textAt(data, 'target_id')
  const parts = [`/${name.replace(/\s+/g, '_')}`, ...optionValues(valueAt(data, 'options'), deepest)]
  return (target === undefined ? parts : [...parts, target]).join(' ')
}

/** What the user has typed so far into the option that choices are wanted for. */
export function textOfAutocomplete(data: unknown): string | undefined {
  return focusedValue(valueAt(data, 'options'), deepest)
}

/** The custom id of a button or menu, and what was chosen in the menu. */
export function textOfComponent(data: unknown): string | undefined {
  const id = textAt(data, 'custom_id')
  return id === undefined ? undefined : [id, ...listOf(valueAt(data, 'values')).flatMap(scalar)].join(' ')
}

/**
 * What was filled into a form, a line for each field, also if it was left empty; a field stands in a row or
 * in its label.
 */
export function textOfModal(data: unknown): string | undefined {
  const fields = listOf(valueAt(data, 'components')).flatMap(row => [
    ...listOf(valueAt(row, 'components')),
    ...[valueAt(row, 'component')].filter(field => field !== undefined),
  ])
  const lines = fields.flatMap(field => {
    const [value, values] = [valueAt(field, 'value'), valueAt(field, 'values')]
    // A text between the fields has neither.
    if (value === undefined && values === undefined) return []
    return [[...scalar(value), ...listOf(values).flatMap(scalar)].join(' ')]
  })
  return lines.length > 0 ? lines.join('\n') : undefined
}

function optionValues(options: unknown, depth: number): string[] {
  if (depth === 0) return []
  return listOf(options).flatMap(option => {
    const type = valueAt(option, 'type')
    // A subcommand or a group of them.
    if (type !== 1 && type !== 2) return scalar(valueAt(option, 'value'))
    return [...scalar(valueAt(option, 'name')), ...optionValues(valueAt(option, 'options'), depth - 1)]
  })
}

function focusedValue(options: unknown, depth: number): string | undefined {
  if (depth === 0) return undefined
  for (const option of listOf(options)) {
    if (valueAt(option, 'focused') === true) return scalar(valueAt(option, 'value'))[0]
    const within = focusedValue(valueAt(option, 'options'), depth - 1)
    if (within !== undefined) return within
  }
  return undefined
}

function scalar(value: unknown): string[] {
  return ['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : []
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
