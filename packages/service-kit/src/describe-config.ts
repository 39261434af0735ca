import type { TObject, TSchema } from 'typebox'

/** Renders a config schema as the Markdown table of `docs/configuration.md`, in the schema's order. */
export function describeConfig(schema: TObject): string {
  const rows = Object.entries<TSchema>(schema.properties).map(([name, field]) => {
    const { description = '' } = field as { description?: string }
    return `| \`${name}\` | ${typeOf(field)} | ${defaultOf(schema, name, field)} | ${cell(description)} |`
  })
  return ['| Variable | Type | Default | Meaning |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

interface Facets {
  type?: string
  minimum?: number
  maximum?: number
  default?: unknown
  anyOf?: readonly { const?: unknown }[]
}

function typeOf(field: TSchema): string {
  const { type, minimum, maximum, anyOf } = field as Facets
  if (anyOf) return anyOf.map(option => `\`${option.const}\``).join(' or ')
  if (type === 'boolean') return '`true` or `false`'
  if (type === 'array') return 'list, by commas'
  if (type === 'object') return 'JSON'
  if (minimum !== undefined && maximum !== undefined) return `${type}, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${type}, at least ${minimum}`
  if (maximum !== undefined) return `${type}, at most ${maximum}`
  return type ?? 'string'
}

function defaultOf(schema: TObject, name: string, field: TSchema): string {
  const { default: value } = field as Facets
  if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
    return `\`${cell(typeof value === 'object' ? JSON.stringify(value) : String(value))}\``
  }
  return value === undefined && schema.required?.includes(name) ? '**required**' : 'none'
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
